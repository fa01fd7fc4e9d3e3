import t from 'tap';
import { Allowed } from '../../../../src/backends/allowed.js';
import { FORMATS } from '../../../../src/backends/denyfile/formats/formats.js';
import { type Left, linesOf } from '../../../../src/backends/denyfile/lines.js';
import { Held } from '../../../../src/backends/held.js';
import { Prefix } from '../../../../src/model/prefix.js';

const p = Prefix.parse;

function text(format: keyof typeof FORMATS, denied: string[], allowed: string[]): { lines: string[]; left: Left } {
  const held = new Held({ clock: () => 0 });
  for (const address of denied) held.enter({ verb: 'add', prefix: p(address), until: null });
  const left: Left = { count: 0 };
  const passing = new Allowed(allowed.map((address) => p(address)));
  return { lines: [...linesOf(FORMATS[format], held, passing, left)], left };
}

t.test('who is denied, without those who are never banned', async (t) => {
  const { lines, left } = text('nginx', ['192.0.2.0/30', '10.1.2.3', '2001:db8::/32'], ['192.0.2.2', '10.0.0.0/8']);
  t.match(lines.shift(), /^#/);
  t.same(lines, ['deny 192.0.2.0/31;\n', 'deny 192.0.2.3;\n', 'deny 2001:db8::/32;\n']);
  t.equal(left.count, 0);
  t.same(text('plain', [], []).lines, []);
});

t.test('what the format cannot say is left out, and told', async (t) => {
  const { lines, left } = text(
    'rewritemap',
    ['192.0.2.7', '2001:db8:1:1::/64', '2001:db8:2:1::/64'],
    ['2001:db8:1:1::5'],
  );
  t.same(
    lines
      .slice(1)
      .map((line) => line.trim())
      .filter((line) => !line.includes('2001:db8:1:1:')),
    ['192.0.2.7 deny', '2001:db8:2:1: deny'],
  );
  t.same([left.count, left.first?.text], [1, '2001:db8:1:1::/64']);
});
