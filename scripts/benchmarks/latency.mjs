// From a line in the log to the first packet that is dropped: a sender that stamps its packets, a receiver that keeps the
// newest stamp, a real service between them.
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Lab } from '../lab/lab.mjs';
import { DROPSET, Service } from './service.mjs';
import { ms, percentile, publish } from './table.mjs';

const PROBE = fileURLToPath(new URL('../../build/bench/probe', import.meta.url));
const PORT = '9999';
const HOST = '10.20.255.1';
const SAMPLES = 200;
const PRESENT = 100_000;

const lab = new Lab();
const [outside, host] = [lab.machine('outside'), lab.machine('host')];
lab.cable([outside, 'out0', ['10.20.255.2/16']], [host, 'in0', [`${HOST}/16`]]);
outside.run('ip', 'route', 'add', 'local', '10.20.1.0/24', 'dev', 'lo');
host.run('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.in0.rp_filter=0');

/** A probe that takes orders; each answer is the lines up to `end`. */
function probe(machine, words, end) {
  const child = machine.start(PROBE, words);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (order) => {
    child.stdin.write(`${order}\n`);
    const answer = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value === end) return answer;
      answer.push(value);
    }
  };
}

const send = probe(outside, ['send', HOST, PORT], 'ok');
const receive = probe(host, ['receive', PORT], '');

const service = await Service.run({
  start: (words) => host.startDropset(words),
  config: '[jail.sshd]\nlogpath = ["LOG"]\nmaxretry = 3\nfindtime = "10m"\nbantime = "1h"\n',
});
const present = Array.from({ length: PRESENT }, (_, i) => `10.${30 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`);
const ban = [process.execPath, DROPSET, '--socket', service.socket, 'ban', '--for', '1d', '-'];
execFileSync('ip', ['netns', 'exec', host.namespace, ...ban], { input: present.join('\n') });

const line = (address) =>
  `${new Date().toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
const source = (index) => `10.20.1.${index}`;

/** Bans `count` sources with one write; answers how long each was still heard, in milliseconds. */
async function strike(first, count, interval) {
  await receive('dump');
  await send(`start ${source(first)} ${count} ${interval}`);
  await sleep(20);
  const lines = Array.from({ length: count }, (_, index) => line(source(first + index)).repeat(3)).join('');
  const start = process.hrtime.bigint();
  appendFileSync(service.log, lines);
  await sleep(150);
  await send('stop');
  const heard = await receive('dump');
  if (heard.length !== count) throw new Error(`${heard.length} of ${count} sources were heard`);
  return heard.map((text) => Number(BigInt(text.split(' ')[1]) - start) / 1e6).map((late) => Math.max(0, late));
}

const unban = () =>
  host.dropset('--socket', service.socket, 'unban', ...Array.from({ length: 200 }, (_, index) => source(index + 1)));

const single = [];
for (let sample = 0; sample < SAMPLES; sample++) single.push(...(await strike((sample % 200) + 1, 1, 50)));
const bursts = [];
for (let round = 0; round < 5; round++) {
  unban();
  bursts.push(Math.max(...(await strike(1, 200, 1000))));
}
await service.stop();
publish(
  'latency',
  ['line written to packet dropped, 100,000 bans present', 'p50', 'p99', 'worst'],
  [
    [
      `idle, one attacker, ${SAMPLES} times`,
      ms(percentile(single, 50)),
      ms(percentile(single, 99)),
      ms(Math.max(...single)),
    ],
    ['200 attackers in one burst, all of them, 5 times', ms(percentile(bursts, 50)), '', ms(Math.max(...bursts))],
  ],
  ['The sender sends every 50 us (single) or every 1 ms (burst): that is the resolution.'],
);
lab.remove();
process.exit(0);
