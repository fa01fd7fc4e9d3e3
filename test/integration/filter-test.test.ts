import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { OutcomeRecord } from '../../src/inspection/outcome.js';
import { CONFIGURATION, FAIL2BAN, Oracle } from '../fail2ban.js';
import { type } from '../terminal.js';

const LOGS = join(FAIL2BAN, 'fail2ban/tests/files/logs');

/** What fail2ban-regex says; see oracle/regex.py. */
interface Answer {
  readonly failures: readonly (readonly [id: string, time: number | null, groups: Readonly<Record<string, string>>])[];
  readonly matched: number;
  readonly ignored: number;
  readonly missed: number;
}

const MODES = [
  'sshd[mode=aggressive]',
  'postfix[mode=aggressive]',
  'exim[mode=aggressive]',
  'dovecot[mode=aggressive]',
];

const STOCK = readdirSync(join(CONFIGURATION, 'filter.d'))
  .filter((file) => file.endsWith('.conf') && !file.endsWith('common.conf'))
  .map((file) => file.slice(0, -'.conf'.length));

/** Without the annotations, and without the empty lines: fail2ban-regex passes over them. */
const lines = (filter: string): string =>
  readFileSync(join(LOGS, filter.replace(/\[.*/, '')), 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');

/** Lines whose date is left out are of now, which is another moment there. */
const isNear = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && (Math.abs(a - b) < 0.001 || Math.min(a, b) > Date.now() / 1000 - 600));

async function records(words: readonly string[]): Promise<OutcomeRecord[]> {
  const { stdout, stderr } = await type([...words, '--json']);
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as OutcomeRecord);
}

/** The lines that the report counts. */
async function counts(words: readonly string[]): Promise<Omit<Answer, 'failures'>> {
  const { stdout } = await type(words);
  const found = /(\d+) matched, (\d+) missed, (\d+) ignored, (\d+) pending/.exec(stdout) ?? [];
  const [, matched = 0, missed = 0, ignored = 0, pending = 0] = found.map(Number);
  // A pending line counts as matched there.
  return { matched: matched + pending, ignored, missed };
}

t.test('what fail2ban-regex finds, filter test finds', async (t) => {
  const oracle = new Oracle('regex.py');
  t.teardown(() => oracle.close());
  let failures = 0;
  for (const filter of [...STOCK, ...MODES]) {
    const log = join(t.testdir({ log: lines(filter) }), 'log');
    const { failures: theirs, ...sums } = (await oracle.ask({ config: CONFIGURATION, filter, log })) as Answer;
    const words = ['filter', 'test', '--filter-dir', CONFIGURATION, filter, log];
    const found = await records(words);
    t.same(
      found.map(({ line }) => line),
      found.map((_, index) => index + 1),
    );
    const ours = found.flatMap(({ matches }) => matches);
    t.same(
      ours.map(({ id, time }, index) => [id, isNear(time, theirs[index]?.[1] ?? null) ? theirs[index]?.[1] : time]),
      theirs.map(([id, time]) => [id, time]),
      `${filter}: ids and times`,
    );
    t.same(
      ours.map(({ groups }) => groups),
      theirs.map(([, , groups]) => groups),
      `${filter}: groups`,
    );
    failures += ours.length;
    t.same(await counts([...words, '--all-regexes']), sums, `${filter}: lines`);
  }
  t.ok(failures > 800, `${failures} failures`);
});
