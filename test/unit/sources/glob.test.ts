import { execFileSync } from 'node:child_process';
import t, { type Test } from 'tap';
import { Glob, isGlob } from '../../../src/sources/glob.js';

/** What Python's glob answers for all pairs: fnmatch, but for names with a leading dot. */
function pythons(patterns: readonly string[], names: readonly string[]): boolean[][] {
  const script = `
import fnmatch, json, sys, glob
patterns, names = json.load(sys.stdin)
def one(p, n):
    if not glob.has_magic(p): return p == n
    if n[:1] == '.' and p[:1] != '.': return False
    return fnmatch.fnmatchcase(n, p)
print(json.dumps([[one(p, n) for n in names] for p in patterns]))`;
  return JSON.parse(
    execFileSync('python3', ['-c', script], { input: JSON.stringify([patterns, names]), encoding: 'utf8' }),
  );
}

function compare(t: Test, patterns: readonly string[], names: readonly string[]): void {
  const expected = pythons(patterns, names);
  for (const [i, pattern] of patterns.entries()) {
    const glob = new Glob(pattern);
    const matched = names.filter((name) => glob.matches(name));
    t.same(
      matched,
      names.filter((_, j) => expected[i]?.[j]),
      `${pattern} matches as in Python`,
    );
  }
}

t.test('what Python matches', async (t) => {
  const patterns = [
    '*',
    '**',
    '?',
    '*.log',
    'a*b*c',
    '[abc]',
    '[!abc]',
    '[a-c]',
    '[]]',
    '[!]]',
    '[]a]',
    '[a',
    '[',
    '[!',
    '[]',
  ];
  const odd = [
    '[z-a]',
    '[!z-a]',
    '[a-]',
    '[-a]',
    '[--a]',
    '[a-c-e]',
    '[^a]',
    '[!^]',
    '[\\]',
    '\\*',
    '[a\\-z]',
    '.*',
    '[.]a',
    'é?',
  ];
  const names = [
    '',
    'a',
    'b',
    'd',
    'e',
    '-',
    ']',
    '[',
    '!',
    '^',
    '\\',
    '\\x',
    '.',
    '.a',
    'a.log',
    '.log',
    'abc',
    'axbxc',
    'acb',
  ];
  compare(
    t,
    [...patterns, ...odd],
    [...names, '[a', '[!', '[]', 'é\u{1f600}', 'a\nb', '\u{1f600}', 'A', 'z', '_', '*'],
  );
});

t.test('what Python matches, at random', async (t) => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % below;
  };
  const word = (letters: string, longest: number): string =>
    Array.from({ length: random(longest + 1) }, () => letters[random(letters.length)]).join('');
  const patterns = Array.from({ length: 400 }, () => `${word('ab-*?[]!.', 7)}a`);
  compare(
    t,
    patterns,
    Array.from({ length: 150 }, () => word('ab-.]![', 5)),
  );
});

t.test('a name that was made to be slow', async (t) => {
  const started = performance.now();
  t.notOk(new Glob('*a'.repeat(100)).matches(`${'a'.repeat(99)}${'b'.repeat(156)}`));
  t.ok(performance.now() - started < 1000);
});

t.test('what is a glob', async (t) => {
  t.same(['a', 'a*', 'a?', 'a[', 'a]', 'a{b}'].map(isGlob), [false, true, true, true, false, false]);
});
