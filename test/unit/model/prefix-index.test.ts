import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { outermost, PrefixIndex } from '../../../src/model/prefix-index.js';
import { Random } from '../../random.js';

const p = Prefix.parse;
const indexOf = (...texts: string[]) => new PrefixIndex(texts.map((text, number) => [p(text), number] as const));

t.test('who overlaps: the outermost, and of the same the first', async (t) => {
  const index = indexOf(
    '192.0.2.7',
    '192.0.2.0/24',
    '192.0.2.0/24',
    '10.0.0.0/8',
    '2001:db8::/32',
    '2001:db8::1',
    '0.0.0.0',
  );
  const table: [string, string | undefined][] = [
    ['192.0.2.7', '192.0.2.0/24'],
    ['192.0.2.0', '192.0.2.0/24'],
    ['192.0.2.255', '192.0.2.0/24'],
    ['192.0.3.0', undefined],
    ['192.0.1.255', undefined],
    ['192.0.0.0/16', '192.0.2.0/24'],
    ['192.0.2.0/25', '192.0.2.0/24'],
    ['10.255.0.0/16', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0'],
    ['128.0.0.0/1', '192.0.2.0/24'],
    ['2001:db8:ffff::1', '2001:db8::/32'],
    ['2001:db9::', undefined],
    ['::/0', '2001:db8::/32'],
    ['::', undefined],
  ];
  for (const [text, expected] of table) t.equal(index.overlapping(p(text))?.[0].text, expected, text);
  t.equal(index.overlapping(p('192.0.2.1'))?.[1], 1);
  t.equal(indexOf().overlapping(p('192.0.2.1')), undefined);
});

t.test('the outermost, each once, in order', async (t) => {
  const given = ['2001:db8::1', '10.0.0.0/8', '10.1.0.0/16', '192.0.2.1', '9.0.0.0/8', '192.0.2.1', '255.0.0.0/8'];
  t.same(outermost(given.map((text) => p(text))).map(String), [
    '9.0.0.0/8',
    '10.0.0.0/8',
    '192.0.2.1',
    '255.0.0.0/8',
    '2001:db8::1',
  ]);
});

t.test('it answers as going through all of them does', async (t) => {
  const random = new Random(4711);
  const prefix = (): Prefix => {
    const bytes = Buffer.alloc(random.pick([4, 16]));
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(at < 2 ? 3 : 256);
    return Prefix.fromBytes(bytes, random.below(bytes.length * 8 + 1));
  };
  const all = Array.from({ length: 200 }, prefix).filter(({ length }) => length > 7);
  const index = new PrefixIndex(all.map((one) => [one, undefined] as const));
  for (let times = 0; times < 2_000; times++) {
    const asked = prefix();
    const found = index.overlapping(asked)?.[0];
    t.equal(
      found !== undefined,
      all.some((one) => one.overlaps(asked)),
      asked.text,
    );
    if (found) t.ok(found.overlaps(asked));
  }
});
