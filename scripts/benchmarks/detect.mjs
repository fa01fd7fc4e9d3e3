// Lines a second, beside fail2ban-regex on the same lines; many jails on one log; memory; an evil line; and how long an
// attacker has while the log is busy.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeLog } from './logs.mjs';
import { Front } from './strike.mjs';
import { median, ms, percentile, publish, times } from './table.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const FAIL2BAN = path('../../.cache/fail2ban');
const LOGS = path('../../build/bench/logs');
const LINES = Number(process.env.BENCH_LINES ?? 200_000);
const ROUNDS = 3;

mkdirSync(LOGS, { recursive: true });
const now = Date.now();

function logOf(kind, lines = LINES) {
  const log = `${LOGS}/${kind}-${lines}.log`;
  writeFileSync(log, makeLog(kind, lines, now));
  return log;
}

/** In a fresh process, on one processor. */
const judge = (log, rounds, ...filters) =>
  JSON.parse(execFileSync('taskset', ['-c', '1', process.execPath, path('judge.mjs'), log, rounds, ...filters]));

/** Lines a second by fail2ban-regex's own clock, and how many it matched. */
function fail2ban(log, filter) {
  const words = ['-c', `${FAIL2BAN}/etc/fail2ban`, '-r', '--print-no-missed', '--print-no-ignored', log, filter];
  const text = execFileSync(
    'taskset',
    ['-c', '1', '/usr/bin/python3', `${FAIL2BAN}/usr/bin/fail2ban-regex`, ...words],
    {
      env: { ...process.env, PYTHONPATH: `${FAIL2BAN}/usr/lib/python3/dist-packages`, PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    },
  );
  const [, seconds] = /\[processed in ([\d.]+) sec\]/.exec(text);
  const [, matched] = /Lines: \d+ lines, \d+ ignored, (\d+) matched/.exec(text);
  return { rate: LINES / Number(seconds), matched: Number(matched) };
}

const rateOf = ({ lines, milliseconds }) => (lines / milliseconds) * 1000;
const thousands = (number) => Math.round(number).toLocaleString('en');
const repeated = (count, work) => Array.from({ length: count }, work);

const FILTERS = [
  ['sshd', 'sshd', 20],
  ['sshd', 'sshd[mode=aggressive]', 10],
  ['nginx-http-auth', 'nginx-http-auth', 10],
  ['nginx-botsearch', 'nginx-botsearch', 10],
  ['apache-auth', 'apache-auth', 10],
  ['postfix', 'postfix', 10],
  ['exim', 'exim', 10],
];

const rows = FILTERS.map(([kind, filter, target]) => {
  const log = logOf(kind);
  const runs = repeated(ROUNDS, () => ({ ours: judge(log, '2', filter).runs, theirs: fail2ban(log, filter) }));
  const first = median(runs.map(({ ours }) => rateOf(ours[0])));
  const warm = median(runs.map(({ ours }) => rateOf(ours[1])));
  const theirs = median(runs.map((run) => run.theirs.rate));
  const [{ ours, theirs: found }] = runs;
  return [
    filter,
    thousands(first),
    thousands(warm),
    thousands(theirs),
    times(first / theirs),
    `${target} x`,
    `${thousands(ours[0].failures)} / ${thousands(found.matched)}`,
  ];
});
publish(
  'detect',
  [
    `filter, ${thousands(LINES)} lines`,
    'dropset, from its start',
    'and the second time',
    'fail2ban-regex',
    'ratio (from its start)',
    'target',
    'failures / lines matched',
  ],
  rows,
  [
    'Lines a second on one processor, reading, dates, ids and counting included; the median of 3 processes. fail2ban-regex by its own clock, without its start; it also counts as matched what is no failure.',
  ],
);

/** Jails of a server where everything is switched on, and all look at one log. */
const stock = readdirSync(`${FAIL2BAN}/etc/fail2ban/filter.d`)
  .filter((name) => name.endsWith('.conf') && !name.includes('common'))
  .map((name) => name.slice(0, -'.conf'.length))
  .sort()
  .filter((name) => name !== 'recidive' && name !== 'selinux-ssh');
const fifty = [...new Set(['sshd', 'pam-generic', 'postfix', 'dovecot', ...stock])].slice(0, 50);
const busy = logOf('sshd');
const many = repeated(ROUNDS, () => judge(busy, '2', ...fifty));
/** Without failures: what is remembered of attackers is bounded by their number, and has nothing to do with the log's size. */
const large = [200_000, 2_000_000].map((lines) => {
  const log = `${LOGS}/quiet-${lines}.log`;
  writeFileSync(log, makeLog('sshd', lines, now, { share: 0 }));
  return judge(log, '1', 'sshd').peak;
});

/** What lines of an exponential expression cost: a log of ordinary ones, and the same with such lines in it. */
function evil() {
  const filter = `${LOGS}/evil.conf`;
  // With a look-ahead, so that no engine of linear time takes it.
  writeFileSync(filter, '[Definition]\nfailregex = ^ evil (?:(?=a)(?:a+)+)+ from <HOST>$\n');
  const plain = makeLog('sshd', 10_000, now, { share: 0 });
  const line = `Nov 21 10:00:00 evil ${'a'.repeat(60)}! from\n`;
  const [clean, one, ten] = [0, 1, 10].map((count) => {
    const log = `${LOGS}/evil-${count}.log`;
    writeFileSync(log, plain + line.repeat(count));
    const { runs } = judge(log, '1', filter, 'sshd');
    return runs[0];
  });
  return {
    first: one.milliseconds - clean.milliseconds,
    ten: ten.milliseconds - clean.milliseconds,
    overruns: ten.overruns,
  };
}
const costs = evil();

/** Strikes while another process writes 100,000 lines a second to the same log. */
async function underFlow() {
  const front = await Front.open();
  front.fill(100_000);
  const flow = spawn(process.execPath, [path('flow.mjs'), front.service.log], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const before = front.service.processorTime;
  const begun = Date.now();
  const late = [];
  for (let sample = 0; sample < 100; sample++) late.push(...(await front.strike(sample + 1, 1, 50)));
  const share = (front.service.processorTime - before) / (Date.now() - begun);
  flow.kill();
  await front.close();
  return { late, share };
}
const flow = await underFlow();

publish(
  'detect-many',
  ['what', 'figure', 'target'],
  [
    [
      '50 stock jails on one busy log (sshd), lines a second',
      thousands(median(many.map(({ runs }) => rateOf(runs[1])))),
      '300,000',
    ],
    ['memory of a process that reads 200,000 lines', `${large[0].toFixed(0)} MB`, ''],
    ['memory of a process that reads 2,000,000 lines', `${large[1].toFixed(0)} MB`, 'the same'],
    ['one line of an exponential expression', ms(costs.first), '100 ms'],
    [`ten such lines (${costs.overruns} ran out of their time, then it was set aside)`, ms(costs.ten), ''],
    [
      'line to dropped packet while 100,000 lines a second flow, 100,000 bans present: p50',
      ms(percentile(flow.late, 50)),
      '',
    ],
    ['the same: p99', ms(percentile(flow.late, 99)), '50 ms'],
    ['processor time of the service meanwhile', `${(flow.share * 100).toFixed(0)} %`, ''],
  ],
);
process.exit(0);
