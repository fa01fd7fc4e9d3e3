// One run of the detection over one log, in a process of its own: prints a line of JSON. Usage: judge LOG ROUNDS FILTER...
// The log is read by the same source, and judged by the same engine, as in the service; only nobody is banned.
import { readFileSync } from 'node:fs';
import { Engine } from '../../dist/detection/engine.js';
import { loadFilter } from '../../dist/fail2ban/filter.js';
import { Never } from '../../dist/jails/never.js';
import { readWhole } from '../../dist/sources/whole.js';

const [log, rounds, ...references] = process.argv.slice(2);
const directories = [new URL('../../.cache/fail2ban/etc/fail2ban/filter.d', import.meta.url).pathname];
const now = Date.now();

const jails = references.map((reference) => ({
  name: reference,
  origin: 'bench',
  filter: loadFilter(reference, { directories, logtype: 'file' }),
  sources: [],
  maxretry: 5,
  findtime: 86_400_000,
  bantime: 600_000,
  usedns: 'no',
  encoding: 'utf-8',
  ignoreip: [],
  ignoreself: true,
  scope: { kind: 'all' },
}));
const names = jails.map(({ name }) => name);

/** This thread's time on a processor: what others do with the machine does not count. */
const processorTime = () => Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;

const runs = [];
for (let round = 0; round < Number(rounds); round++) {
  const engine = new Engine(jails, { never: new Never([]), now: () => now, report: () => {}, onLate: () => {} });
  let [lines, bans] = [0, 0];
  const begin = processorTime();
  for await (const chunk of readWhole(log)) {
    for (const verdicts of engine.judge(chunk, names)) bans += verdicts.length;
  }
  const milliseconds = processorTime() - begin;
  const counts = engine.watches.map((watch) => watch.counts);
  lines = Math.max(...counts.map((count) => count.lines));
  const failures = counts.reduce((sum, count) => sum + count.failures, 0);
  const overruns = counts.reduce((sum, count) => sum + count.overruns, 0);
  runs.push({ lines, failures, bans, overruns, milliseconds });
}
console.log(JSON.stringify({ runs, peak: process.resourceUsage().maxRSS / 1024 }));
