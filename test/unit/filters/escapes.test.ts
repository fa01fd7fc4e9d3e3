import t from 'tap';
import { CONTROLS, literal, PLACES, SETS } from '../../../src/filters/escapes.js';

t.test('a literal is itself, in a class and outside', async (t) => {
  for (let code = 0; code < 0x180; code++) {
    const character = String.fromCodePoint(code);
    for (const source of [literal(character), `[${literal(character)}${literal(character)}]`]) {
      if (!new RegExp(`^${source}$`, 'v').test(character)) t.fail(`${source} is not U+${code.toString(16)}`);
    }
  }
  t.equal(literal('a'), 'a');
  t.equal(literal('-'), '\\x2d');
  t.equal(literal('😀'), '😀');
});

t.test('sets know Unicode, as in Python', async (t) => {
  const table: [string, string, string][] = [
    ['d', '7٣', 'a-'],
    ['w', 'aЖ_7', '- \u00a0'],
    ['s', ' \t\u001c\u0085\u00a0\u3000', 'a\ufeff\u200b'],
  ];
  for (const [name, inside, outside] of table) {
    const all = (set: string, text: string): boolean => new RegExp(`^(?:${SETS.get(set)})+$`, 'v').test(text);
    t.ok(all(name, inside), name);
    t.ok(all(name.toUpperCase(), outside), name.toUpperCase());
    t.notOk(new RegExp(SETS.get(name) as string, 'v').test(outside), name);
  }
});

t.test('places and controls', async (t) => {
  const places = (name: string, text: string): number[] =>
    Array.from(text.matchAll(new RegExp(PLACES.get(name) as string, 'gv')), (found) => found.index);
  t.same(places('b', 'Жa b'), [0, 2, 3, 4]);
  t.same(places('B', 'Жa b'), [1]);
  t.same(places('A', 'ab'), [0]);
  t.same(places('Z', 'ab'), [2]);
  t.equal(CONTROLS.get('t'), '\t');
});
