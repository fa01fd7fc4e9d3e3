import t from 'tap';
import { assemble } from '../../../src/regex/assemble.js';
import { NEVER } from '../../../src/regex/ast.js';
import { Machine } from '../../../src/regex/machine.js';
import { parse } from '../../../src/regex/parse.js';
import type { Program } from '../../../src/regex/program.js';

const machine = new Machine();

/** The spans of the whole and of the groups, or undefined. */
function found(pattern: string, text: string): (string | undefined)[] | undefined {
  const program = assemble(parse(pattern)) as Program;
  if (!machine.search(program, text)) return undefined;
  return Array.from({ length: program.groupCount + 1 }, (_, group) => {
    const [start, end] = [machine.slots[2 * group], machine.slots[2 * group + 1]];
    return start === -1 ? undefined : `${start}-${end}`;
  });
}

t.test('finds what Python finds', async (t) => {
  const table: [pattern: string, text: string, ...spans: (string | undefined)[]][] = [
    ['b', 'abc', '1-2'],
    ['', 'abc', '0-0'],
    ['ab|a', 'ab', '0-2'],
    ['a*b', 'xaab', '1-4'],
    ['a*?', 'aa', '0-0'],
    ['a{2,3}', 'aaaa', '0-3'],
    ['(a)|(b)', 'b', '0-1', undefined, '0-1'],
    // What a loop captured in an earlier time around is kept.
    ['(?:(a)|(b))*', 'ab', '0-2', '0-1', '1-2'],
    ['(a|b)*', 'ab', '0-2', '1-2'],
    // A time around that does not move is the last one.
    ['(a*)*', 'aab', '0-2', '2-2'],
    ['(?:|a)*b', 'aab', '0-3'],
    ['(?:|a)*', 'aab', '0-0'],
    ['(?:a*|b)*', 'b', '0-0'],
    ['(?:(?:a?)*)*b', 'aab', '0-3'],
    ['(a)?(?(1)b|c)', 'c', '0-1', undefined],
    ['(a)?(?(1)b|c)', 'xab', '1-3', '1-2'],
    ['(a+)-\\1', 'aa-a', '1-4', '1-2'],
    ['(?i)(a)\\1', 'aA', '0-2', '0-1'],
    ['(?>a*)b', 'aab', '0-3'],
    ['a(?=b)', 'aab', '1-2'],
    ['a(?!b)', 'aba', '2-3'],
    ['(?=(a+))a', 'aa', '0-1', '0-2'],
    ['(?<=ab)c', 'cabc', '3-4'],
    ['(?<!a)b', 'abb', '2-3'],
    ['(?<=.)b', '\u{1f600}b', '2-3'],
    ['(?<=..)b', '\u{1f600}xb', '3-4'],
    ['(?!^)', '\u{1f600}', '2-2'],
    ['.', '\u{1f600}', '0-2'],
    ['\\Ab|$', 'ab', '2-2'],
  ];
  for (const [pattern, text, ...spans] of table) t.same(found(pattern, text), spans, `${pattern} in ${text}`);
});

t.test('finds nothing where Python finds nothing', async (t) => {
  const table = [
    ['^b', 'ab'],
    ['(a)?\\1b', 'b'],
    ['(?>a*)a', 'aa'],
    ['(?<=ab)c', 'bc'],
    ['(?!(a))a', 'a'],
    ['a\\b', 'ab'],
    ['(?>(?:a|ab))c', 'abc'],
    ['[^\\w\\W]', 'a'],
    ['(?=(?:a|ab)c)b', 'abc'],
  ] as const;
  for (const [pattern, text] of table) t.equal(found(pattern, text), undefined, `${pattern} in ${text}`);
  const never = assemble({ root: NEVER, groupCount: 0, names: new Map() }) as Program;
  t.notOk(machine.search(never, 'a'));
});

t.test('what a failed way captured is undone', async (t) => {
  t.same(found('(?:(a)x|a)b', 'ab'), ['0-2', undefined]);
  t.same(found('(?:(?=(a))x|a)b', 'ab'), ['0-2', undefined]);
  t.same(found('(?!(a)x)a', 'a'), ['0-1', undefined]);
});

t.test('time is bounded, whatever the text', async (t) => {
  for (const pattern of [
    '(?:a*)*b',
    '(?:a|a)*b',
    '(?:a|aa)+$b',
    '(?:(?=a*)a)*b',
    '(?:(?>a|b)|a)*c',
    '(x?)(?:a|a)*\\1b',
  ]) {
    const start = performance.now();
    t.equal(found(pattern, 'a'.repeat(500)), undefined, pattern);
    t.ok(performance.now() - start < 5000);
  }
});
