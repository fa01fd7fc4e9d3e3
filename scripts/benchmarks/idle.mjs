// What an idle service costs while it holds 1,000,000 bans, the kernel's own sweeps included.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DROPSET, Service } from './service.mjs';
import { publish } from './table.mjs';

/** Two sweeps of the kernel (gc-interval is a minute) fall into it. */
const WATCHED = 125_000;

/** Milliseconds that all processors together were busy since boot, by what /proc/stat (man proc_stat) says. */
function busy() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * 10;
}

async function watch(milliseconds, service) {
  const before = [busy(), service?.processorTime ?? 0];
  await sleep(milliseconds);
  return [busy() - before[0], (service?.processorTime ?? 0) - before[1]].map((spent) => (spent / milliseconds) * 100);
}

const [quiet] = await watch(30_000);
const service = await Service.run();
const addresses = Array.from({ length: 1_000_000 }, (_, i) => `${10 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`);
execFileSync(process.execPath, [DROPSET, '--socket', service.socket, 'ban', '--for', '1d', '-'], {
  input: addresses.join('\n'),
});
await sleep(5000);
const [machine, own] = await watch(WATCHED, service);
await service.stop();
const percent = (value) => `${value.toFixed(2)} %`;
publish(
  'idle',
  [`idle, ${addresses.length.toLocaleString('en')} bans`, 'of one core'],
  [
    ['the service', percent(own)],
    ['the whole machine, kernel included', percent(machine)],
    ['the whole machine before', percent(quiet)],
  ],
);
process.exit(0);
