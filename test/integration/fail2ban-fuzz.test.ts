import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseIni, type Section } from '../../src/fail2ban/ini.js';
import { parseReference, splitReferences } from '../../src/fail2ban/reference.js';
import { DropsetError } from '../../src/model/errors.js';
import { ask } from '../fail2ban-configuration.js';
import { compareFilters, type Question } from '../fail2ban-filters.js';
import { Random } from '../random.js';

/** Another one may be given, to look further. */
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 1000);

/** What is thrown on purpose is an answer; anything else fails the test. */
function refused<Answer>(read: () => Answer): Answer | 'refused' {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof DropsetError) return 'refused';
    throw thrown;
  }
}

/** Puts both sides' answers next to each other; those that differ. */
async function differences(texts: readonly string[], key: string, ours: (text: string) => unknown): Promise<object[]> {
  const answers = await ask<unknown>(texts.map((text) => ({ [key]: text })));
  return texts.flatMap((text, index) => {
    const answer = answers[index];
    const theirs = answer instanceof Object && 'error' in answer ? 'refused' : answer;
    const own = refused(() => ours(text));
    return JSON.stringify(own) === JSON.stringify(theirs) ? [] : [{ text, ours: own, theirs }];
  });
}

const texts = (random: Random, pieces: readonly string[], most: number): string[] =>
  Array.from({ length: ROUNDS }, () => random.some(pieces, most).join(''));

const plain = (section: Section): object => Object.fromEntries([...section].map(([name, { text }]) => [name, text]));

t.test('files', async (t) => {
  const pieces = [
    '\n',
    '\n',
    '\n',
    '[a]\n',
    '[b]\n',
    '[DEFAULT]\n',
    'x',
    'Y',
    ' = ',
    '=',
    ':',
    ' ',
    '\t',
    '  v\n',
    ';',
    ' ;',
    '#',
    ']',
    '[',
    '%',
  ];
  const found = await differences(texts(new Random(SEED), pieces, 30), 'ini', (text) => {
    const { defaults, sections } = parseIni(text, 'x');
    return {
      defaults: plain(defaults),
      sections: Object.fromEntries([...sections].map(([name, s]) => [name, plain(s)])),
    };
  });
  t.same(found, []);
});

const REFERENCE = [
  'a',
  'b-c',
  'x=',
  'y_1=',
  '=',
  '"',
  "'",
  ',',
  '[',
  ']',
  '][',
  ' ',
  '\n',
  '"v,]w"',
  "'q'",
  'v',
  '.',
  '/',
];

t.test('references', async (t) => {
  const found = await differences(texts(new Random(SEED + 1), REFERENCE, 12), 'reference', (text) => {
    const { name, parameters } = parseReference(text);
    return [name, Object.fromEntries(parameters)];
  });
  t.same(found, []);
});

t.test('lists of references: those that both can read are split alike', async (t) => {
  const pieces = [...REFERENCE, 'a[x=1]', 'b[x="1, 2"] ', 'c', '\n', ' ', 'd[x=1][y=2]'];
  const found = await differences(texts(new Random(SEED + 2), pieces, 10), 'split', splitReferences);
  const readable = found.filter((difference) => {
    const { ours, theirs } = difference as { ours: string[]; theirs: string[] };
    const isReadable = (list: string[]): boolean =>
      list.every((text) => refused(() => parseReference(text)) !== 'refused');
    return isReadable(ours) || isReadable(theirs);
  });
  t.same(readable, []);
});

const NAMES = ['failregex', 'x', 'y', 'a-b', 'mode', 'datepattern', 'known/x', '__name__'];
const SECTIONS = ['Definition', 'Definition', 'Init', 'DEFAULT', 'other', 'Init?family=inet6'];
const WORDS = [
  ...NAMES.flatMap((name) => [`<${name}>`, `%(${name})s`]),
  ...['%(known/failregex)s', '%(other/x)s', '%(default/y)s', '<other/x>', '<default/x>', '<known/y>', '<x-<mode>>'],
  ...['w', ' ', '%%', '<HOST>', '<', '>', '\n  more ', '\n\n  ', ' ; comment', '<<y>>', 'b'],
];

/** A file of a filter. References go to later names for the most part, so that not all are circles. */
function filterFile(random: Random): string {
  const names = random.some(['INCLUDES', ...SECTIONS], 4);
  const sections = [...new Set(['Definition', ...names])].map((section) => {
    if (section === 'INCLUDES') return `[INCLUDES]\nbefore = ${random.pick(['g.conf', 'none.conf', 'f.conf'])}`;
    const options = [...new Set(random.some(['failregex', 'x', 'y', 'a-b', 'mode', 'datepattern', 'x-b'], 5))];
    return [`[${section}]`, ...options.map((name) => `${name} = ${random.some(WORDS, 3).join('')}`)].join('\n');
  });
  return `${sections.join('\n')}\n`;
}

t.test('filters of several files', async (t) => {
  const random = new Random(SEED + 3);
  const root = t.testdir();
  const questions = Array.from({ length: ROUNDS / 2 }, (_, index): Question => {
    const directory = join(root, `${index}`);
    mkdirSync(join(directory, 'filter.d'), { recursive: true });
    for (const name of ['f.conf', ...random.some(['f.local', 'g.conf', 'g.local'], 2)]) {
      writeFileSync(join(directory, 'filter.d', name), filterFile(random));
    }
    const names = random.some(['x', 'mode', 'y', 'failregex'], 2);
    const parameters = Object.fromEntries(names.map((name) => [name, random.some(WORDS, 2).join('')]));
    return { filter: 'f', directory, parameters, logtype: 'file' };
  });
  const comparisons = await compareFilters(questions);
  t.same(
    comparisons.filter(({ same }) => !same),
    [],
  );
  t.comment(`${comparisons.length} filters, ${comparisons.filter((one) => one.refused).length} refused by both`);
});
