import t from 'tap';
import { expandTags } from '../../../src/filters/tags.js';
import { textOf, Window } from '../../../src/filters/window.js';
import type { Match } from '../../../src/regex/match.js';
import { compilePattern } from '../../../src/regex/pattern.js';

/** A window over the last `most` of these lines; the whole line has a date before it. */
function windowOf(lines: readonly string[], most = 10): Window {
  const window = new Window(most);
  for (const text of lines) window.push({ text, line: `12:00 ${text}` });
  return window;
}

const find = (window: Window, expression: string): Match => {
  const match = compilePattern(expandTags(expression, true), { multiline: true }).exec(window.text);
  if (!match) throw new Error(`no ${expression} in ${window.text}`);
  return match;
};

/** Lines that a match covers, and those that are left without them. */
function parted(lines: readonly string[], expression: string): { matched: string[]; left: string } {
  const window = windowOf(lines);
  const match = find(window, expression);
  const { text } = window;
  const matched = window.matched(match, text).map((entry) => entry.text);
  t.equal(window.text, text, 'to look changes nothing');
  window.remove(match, text);
  return { matched, left: window.text.trim().replaceAll('\n', ' ') };
}

t.test('the last lines, each ended by a newline', async (t) => {
  t.equal(windowOf(['a', 'b', 'c'], 2).text, 'b\nc\n');
  t.equal(windowOf(['a'], 2).text, 'a\n');
  t.equal(textOf([]), '\n');
});

t.test('matched lines are whole', async (t) => {
  const window = windowOf(['a', 'b']);
  t.same(window.matched(find(window, 'b'), window.text), [{ text: 'b', line: '12:00 b' }]);
});

t.test('the lines that a match covers leave the window', async (t) => {
  const lines = ['a', 'b', 'c', 'd'];
  const table: [string, string[], string][] = [
    ['b', ['b'], 'a c d'],
    ['b\\nc', ['b', 'c'], 'a d'],
    ['^b$', ['b'], 'a c d'],
    ['b\\n', ['b'], 'a c d'],
    ['\\nc', ['c'], 'a b d'],
    ['a[^x]*', ['a', 'b', 'c', 'd'], ''],
    ['d', ['d'], 'a b c'],
  ];
  for (const [expression, matched, left] of table) t.same(parted(lines, expression), { matched, left }, expression);
});

t.test('a match that only looks ahead covers nothing but at the very begin, as in fail2ban', async (t) => {
  t.same(parted(['a', 'b'], '(?=b)'), { matched: [], left: 'a b' });
  t.same(parted(['a', 'b'], '(?=a)'), { matched: ['a', 'b'], left: '' });
});

t.test('lines that were skipped stay', async (t) => {
  const table: [string[], string, string[], string][] = [
    [['a', 'x', 'y', 'b'], '^a$<SKIPLINES>^b$', ['a', 'b'], 'x y'],
    [['a', 'b'], '^a$<SKIPLINES>^b$', ['a', 'b'], ''],
    [['o', 'a', 'x', 'b', 'y', 'c', 'p'], '^a$<SKIPLINES>^b$<SKIPLINES>^c$', ['a', 'b', 'c'], 'o x y p'],
    [['a', 'x', 'b'], '^a$(?:<SKIPLINES>^b$)?', ['a', 'b'], 'x'],
    [['a', 'x'], '^a$(?:<SKIPLINES>^b$)?', ['a'], 'x'],
  ];
  for (const [lines, expression, matched, left] of table)
    t.same(parted(lines, expression), { matched, left }, `${expression} in ${lines.join(' ')}`);
});

t.test('of lines that read the same, those in order', async (t) => {
  const window = new Window(10);
  for (const [index, text] of ['a', 'x', 'a', 'a', 'b'].entries()) window.push({ text, line: `${index} ${text}` });
  const match = find(window, '^a$<SKIPLINES>^a$\\n^b$');
  const lines = window.matched(match, window.text).map(({ line }) => line);
  t.same(lines, ['0 a', '3 a', '4 b']);
});

/** Whether the window is open for a line; if it is, the line is judged. */
function sees(window: Window, text: string, hasTrigger = false): boolean {
  if (!window.opens(hasTrigger)) return false;
  window.begin();
  window.push({ text, line: text });
  window.end();
  return true;
}

t.test('open while there may be a trigger', async (t) => {
  const window = new Window(3);
  t.equal(sees(window, 'a'), false, 'there never was one');
  t.equal(sees(window, 'b', true), true);
  t.strictSame([sees(window, 'c'), sees(window, 'd')], [true, true], 'it is among the last three');
  t.equal(sees(window, 'e'), false);
});

t.test('lines that leave let a trigger stay longer', async (t) => {
  const window = new Window(3);
  sees(window, 'trigger', true);
  for (const text of ['a', 'b']) sees(window, text);
  window.remove(find(window, 'a\\nb'), window.text);
  t.equal(window.text, 'trigger\n');
  t.strictSame([sees(window, 'c'), sees(window, 'd')], [true, true]);
  t.equal(window.text, 'trigger\nc\nd\n');
});

t.test('a line that was interrupted may come again, or not', async (t) => {
  for (const next of ['b', 'c']) {
    const window = new Window(3);
    sees(window, 'a', true);
    window.opens(false);
    window.begin();
    window.push({ text: 'b', line: 'b' });
    window.remove(find(window, 'a\\nb'), window.text);
    t.ok(sees(window, next));
    t.equal(window.text, `a\n${next}\n`);
  }
});

t.test('lines that were passed are kept as they came, as many as a match may need', async (t) => {
  const window = new Window(3);
  for (const line of ['a', 'b', 'c']) window.pass({ line, isAscii: true, given: undefined });
  t.same([window.recall()?.line, window.recall()?.line, window.recall()], ['b', 'c', undefined]);
});
