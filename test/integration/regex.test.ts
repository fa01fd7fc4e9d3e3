import { execFileSync } from 'node:child_process';
import t, { type Test } from 'tap';
import type { Match } from '../../src/regex/match.js';
import { compilePattern, type Pattern } from '../../src/regex/pattern.js';
import { broken, expected, shown, shownSpans } from '../oracle/comparison.js';
import { type Answer, CPython, type Question } from '../oracle/cpython.js';
import { Random } from '../oracle/random.js';
import { LETTERS, RandomPattern } from '../oracle/random-pattern.js';

const FAIL2BAN = '.cache/fail2ban/usr/lib/python3/dist-packages';

interface Stock {
  readonly filter: string;
  readonly patterns: readonly { readonly pattern: string; readonly multiline: boolean }[];
  readonly texts: readonly string[];
}

const python = new CPython();
t.teardown(() => python.close());

/** Compares what was found with what Python found, and keeps count. */
class Tally {
  pairs = 0;
  matches = 0;
  /** Searches that Python did not end in time. */
  late = 0;
  readonly differences: string[] = [];

  compare(pattern: Pattern, text: string, found: Match | undefined, answer: Answer, index: number): void {
    const wanted = answer.answers[index];
    if (wanted === 'late' || wanted === undefined) {
      this.late++;
      return;
    }
    this.pairs++;
    if (wanted) this.matches++;
    const match = wanted ? expected(text, wanted, answer.names) : undefined;
    this.#same(shown(found), shown(match), pattern, text);
    if (found?.spans && wanted) {
      const spans = Array.from(wanted, (_, group) => found.spans?.[group]);
      this.#same(shownSpans(spans), shownSpans(wanted), pattern, text);
    }
    if (wanted)
      for (const clause of broken(pattern, text))
        this.differences.push(`${pattern.python} requires ${clause} of ${text}`);
  }

  #same(found: string, wanted: string, pattern: Pattern, text: string): void {
    if (found === wanted) return;
    this.differences.push(
      `${JSON.stringify(pattern.python)} in ${JSON.stringify(text)}: ${found}, but Python: ${wanted}`,
    );
  }

  report(t: Test): void {
    t.comment(`${this.pairs} pairs, ${this.matches} matches, ${this.late} without an answer of Python in time`);
    t.same(this.differences.slice(0, 20), []);
  }
}

/** All of a question's texts, with the ASCII variant where it may be taken and with the other. */
async function check(tally: Tally, question: Question, indices: boolean): Promise<Pattern> {
  const pattern = compilePattern(question.pattern, { ...question, indices });
  const answer = await python.ask(question);
  for (const [index, text] of question.texts.entries()) {
    tally.compare(pattern, text, pattern.exec(text), answer, index);
    tally.compare(pattern, text, pattern.exec(text, false), answer, index);
  }
  return pattern;
}

t.test('random patterns find what Python finds', async (t) => {
  const random = new Random(1);
  const tally = new Tally();
  for (let count = 0; count < 3000; count++) {
    const pattern = new RandomPattern(random).make();
    const texts = Array.from({ length: 20 }, () => random.some(8, () => random.pick(LETTERS)));
    const question = { pattern, texts, multiline: random.below(8) === 0 };
    const { error } = await python.ask({ ...question, texts: [] });
    if (error) t.throws(() => compilePattern(pattern), { code: 'filter' }, `${pattern}: ${error}`);
    else await check(tally, question, random.below(2) === 0);
  }
  t.ok(tally.matches > 20_000);
  tally.report(t);
});

const INSERTED = ['', ' ', ': ', '"', '[', ']', '\u00e9', 'И', '\u{1f600}', '\r', '\u2028', '\n', '::1'];

/** A change of a line: what attackers try, and what logs do by themselves. */
function mutated(random: Random, text: string): string {
  const letters = Array.from(text);
  const at = random.below(letters.length);
  const piece = letters.slice(at, at + random.below(12)).join('');
  letters.splice(at, random.below(4), random.pick([piece, piece + piece, ...INSERTED]));
  return letters.join('');
}

const script = ['test/oracle/stock.py', '.cache/fail2ban/etc/fail2ban', `${FAIL2BAN}/fail2ban/tests/files/logs`];
const stock = JSON.parse(
  execFileSync('python3', script, { env: { ...process.env, PYTHONPATH: FAIL2BAN }, maxBuffer: 2 ** 26 }).toString(),
) as Stock[];

t.test("fail2ban's filters find in their samples what Python finds", async (t) => {
  const random = new Random(2);
  const tally = new Tally();
  t.ok(stock.reduce((sum, { patterns }) => sum + patterns.length, 0) > 600);
  for (const { patterns, texts } of stock) {
    const all = texts.flatMap((text) => [
      text,
      mutated(random, text),
      mutated(random, text),
      mutated(random, mutated(random, text)),
    ]);
    for (const question of patterns) {
      const pattern = compilePattern(question.pattern, question);
      const answer = await python.ask({ ...question, texts: all, limit: 50 });
      for (const [index, text] of all.entries()) tally.compare(pattern, text, pattern.exec(text), answer, index);
    }
  }
  t.ok(tally.matches > 10_000);
  tally.report(t);
});

/** What keeps Python busy for ever, of filters and what their logs can hold. */
const ENDLESS: readonly [filter: string, text: string][] = [
  ['dovecot', `Disconnected${': x'.repeat(300)}\n`],
  ['domino-smtp', `smtp: ${'a '.repeat(500)}\n`],
  ['sshd', ` host sshd 1 - ${'[a="b" c="d"]'.repeat(40)}nothing\n`],
  ['exim', ` SMTP protocol error in "a${'"'.repeat(1000)}x\n`],
  ['slapd', `conn=1 fd=1 ACCEPT from IP=192.0.2.7:80 (IP=x)\nconn=1 op=1 RESULT${' a=b=c=d'.repeat(50)}\n`],
  ['apache-modsecurity', `[] [error] [client 192.0.2.7] ModSecurity: ${'[a "b"] '.repeat(100)}\n`],
];

t.test('what keeps Python busy for ever is answered in milliseconds', async (t) => {
  for (const [filter, text] of ENDLESS) {
    let late = 0;
    for (const question of stock.find((one) => one.filter === filter)?.patterns ?? []) {
      const pattern = compilePattern(question.pattern, question);
      t.ok(milliseconds(pattern, text) < 100, pattern.python);
      if (pattern.risk !== 'exponential') continue;
      const { answers } = await python.ask({ ...question, texts: [text], limit: 100 });
      if (answers[0] === 'late') late++;
      else t.equal(pattern.test(text), answers[0] !== null, pattern.python);
    }
    t.ok(late > 0, `${filter}: Python has not answered`);
  }
});

/** The best of three: the machine does other things, too. */
function milliseconds(pattern: Pattern, text: string): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    pattern.exec(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** Letters that have had a second case since Unicode 16, which V8 knows and Python 3.11 does not. */
const NEWLY_CASED = /[\u019b\u0264\u1c89\u1c8a]/;

t.test('every letter has the other cases that Python gives it', async (t) => {
  const tally = new Tally();
  const letters = Array.from({ length: 0x2000 }, (_, code) => String.fromCharCode(code)).filter(
    (letter) => /\p{L}/u.test(letter) && !NEWLY_CASED.test(letter),
  );
  for (let start = 0; start < letters.length; start += 100) {
    const texts = letters
      .slice(start, start + 100)
      .flatMap((letter) => [letter, letter.toLowerCase(), letter.toUpperCase()]);
    for (const letter of ['k', 's', 'i', 'µ', 'ß', ...letters.slice(start, start + 100)]) {
      await check(tally, { pattern: letter, texts, ignoreCase: true }, false);
    }
  }
  tally.report(t);
});
