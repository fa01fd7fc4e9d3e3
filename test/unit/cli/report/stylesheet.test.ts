import { createHash } from 'node:crypto';
import t from 'tap';
import { POLICY, STYLESHEET } from '../../../../src/cli/report/stylesheet.js';

t.test('the policy allows this stylesheet, and nothing else', async (t) => {
  const hash = createHash('sha256').update(STYLESHEET).digest('base64');
  t.equal(POLICY, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
});

t.test('it loads nothing, and is for light, dark and paper', async (t) => {
  t.notMatch(STYLESHEET, /url\(|@import|<|expression/);
  t.match(STYLESHEET, /prefers-color-scheme: dark/);
  t.match(STYLESHEET, /@media print/);
  t.match(STYLESHEET, /color-scheme: light dark/);
});

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);
}

t.test('text can be read, and bars be seen, in both schemes', async (t) => {
  const schemes = [
    ...STYLESHEET.matchAll(
      /--paper: (#\w{6}); --card: (#\w{6}); --ink: (#\w{6}); --soft: (#\w{6}); --edge: #\w{6}; --bar: (#\w{6})/g,
    ),
  ];
  t.equal(schemes.length, 2);
  for (const [, paper, card, ink, soft, bar] of schemes) {
    const contrast = (one: string, other: string): number => {
      const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
      return (light + 0.05) / (dark + 0.05);
    };
    for (const ground of [paper, card] as string[]) {
      t.ok(contrast(ink as string, ground) >= 7, `ink on ${ground}`);
      t.ok(contrast(soft as string, ground) >= 4.5, `soft on ${ground}`);
      t.ok(contrast(bar as string, ground) >= 3, `bars on ${ground}`);
    }
  }
});
