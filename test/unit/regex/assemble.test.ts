import t from 'tap';
import { assemble } from '../../../src/regex/assemble.js';
import { NEVER } from '../../../src/regex/ast.js';
import { parse } from '../../../src/regex/parse.js';
import { OP, type Program } from '../../../src/regex/program.js';

const NAMES = Object.fromEntries(Object.entries(OP).map(([name, code]) => [code, name.toLowerCase()]));

/** The instructions, with the operands that each of them has. */
const listing = (program: Program): string[] =>
  Array.from(program.ops, (op, at) => {
    const [a, b] = [program.as[at], program.bs[at]];
    const operands: Partial<Record<number, unknown[]>> = {
      [OP.ACCEPT]: [],
      [OP.FAIL]: [],
      [OP.TAKE]: [a],
      [OP.SAVE]: [a],
      [OP.JUMP]: [a],
      [OP.PLACE]: [program.places[a as number]],
    };
    return [NAMES[op], ...(operands[op] ?? [a, b])].join(' ');
  });

const assembled = (pattern: string): Program => assemble(parse(pattern)) as Program;

t.test('instructions', async (t) => {
  const table: [string, string[]][] = [
    ['', ['accept']],
    ['aba', ['take 0', 'take 1', 'take 0', 'accept']],
    [
      'a|b|c',
      ['split 1 3', 'take 0', 'jump 6', 'split 4 6', 'take 1', 'jump 7', 'take 2', 'accept'].map((line) =>
        line.replace('jump 6', 'jump 7'),
      ),
    ],
    ['a*', ['split 1 3', 'take 0', 'jump 0', 'accept']],
    ['a+', ['take 0', 'split 2 4', 'take 0', 'jump 1', 'accept']],
    ['a*?', ['split 3 1', 'take 0', 'jump 0', 'accept']],
    ['a{1,3}', ['take 0', 'split 2 5', 'take 0', 'split 4 5', 'take 0', 'accept']],
    ['(?:a?)*', ['split 1 6', 'save 2', 'split 3 4', 'take 0', 'stuck 2 6', 'jump 0', 'accept']],
    ['(a)', ['save 2', 'take 0', 'save 3', 'accept']],
    ['^(?=a)(?<!b)', ['place start', 'look 0 4', 'take 0', 'accept', 'look 1 7', 'take 1', 'accept', 'accept']],
    ['(?>a)', ['atomic 0 3', 'take 0', 'accept', 'accept']],
    ['(a)\\1', ['save 2', 'take 0', 'save 3', 'refer 1 0', 'accept']],
    ['(a)(?(1)b|c)', ['save 2', 'take 0', 'save 3', 'ask 1 6', 'take 1', 'jump 7', 'take 2', 'accept']],
  ];
  for (const [pattern, lines] of table) t.same(listing(assembled(pattern)), lines, pattern);
  t.same(listing(assemble({ root: NEVER, groupCount: 0, names: new Map() }) as Program), ['fail', 'accept']);
});

t.test('what the machine has to know', async (t) => {
  t.match(assembled('^(a)(?<=a)'), {
    slotCount: 4,
    groupCount: 1,
    isAnchored: true,
    asked: [],
    looks: [{ isAhead: false, width: 1 }],
  });
  t.match(assembled('(a)?\\1'), { isAnchored: false, asked: [2, 3] });
  const { choices, stateCount } = assembled('(?:(?:a?)*)*');
  t.same(
    choices.filter((choice) => choice !== undefined),
    [
      { loops: [], first: 0 },
      { loops: [2], first: 1 },
      { loops: [2, 3], first: 3 },
    ],
  );
  t.equal(stateCount, 6);
});

t.test('counted repetitions are written out, up to a size', async (t) => {
  t.equal(assembled('a{19999}').ops.length, 20_000);
  t.equal(assemble(parse('a{20000}')), undefined);
});
