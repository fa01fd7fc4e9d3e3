// How long a start takes with 1,000,000 bans: where the kernel still holds them, and where it does not; and lifting all of them.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DROPSET, Service } from './service.mjs';
import { ms, publish } from './table.mjs';

const CONFIG = '[jail.sshd]\nlogpath = "LOG"\n';
const COUNT = 1_000_000;

const timed = async (work) => {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
};
const dropset = (service, words, input) =>
  execFileSync(process.execPath, [DROPSET, '--socket', service.socket, ...words], {
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
const megabytes = (value) => `${value.toFixed(0)} MB`;

/** Ends one and starts the next on what it left. */
async function again(before) {
  await before.end();
  const [time, service] = await timed(() => Service.run({ config: CONFIG, before }));
  rmSync(before.folder, { recursive: true, force: true });
  return { time, service };
}

const small = await Service.run({ config: CONFIG });
await sleep(10_000);
const idle = small.memory;
await small.stop();

const first = await Service.run({ config: CONFIG });
// In no order: a fixed permutation.
const addresses = Array.from({ length: COUNT }, (_, index) => {
  const mixed = (index * 764_261 + 12_345) % COUNT;
  return `${10 + (mixed >> 16)}.${(mixed >> 8) & 255}.${mixed & 255}.${mixed % 251}`;
});
dropset(first, ['ban', '--for', '1d', '-'], addresses.join('\n'));
const adopted = await again(first);
await sleep(20_000);
const rows = [['the kernel holds them', ms(adopted.time), megabytes(adopted.service.peakMemory)]];
await adopted.service.end();
execFileSync('nft', ['flush', 'ruleset']);
const [time, filled] = await timed(() => Service.run({ config: CONFIG, before: adopted.service }));
rows.push(['it holds nothing, as after a reboot', ms(time), megabytes(filled.peakMemory)]);
const [lifting] = await timed(() => dropset(filled, ['unban', '--all']));
await filled.stop();
rmSync(adopted.service.folder, { recursive: true, force: true });
publish(
  'start',
  ['a start with 1,000,000 bans, element counters on', 'until it is ready', 'peak resident memory of the service'],
  [
    ...rows,
    ['`unban --all` of them, from the command to its end', ms(lifting), ''],
    ['a service with one jail and no bans, after 10 s', '', `${megabytes(idle)} (now)`],
  ],
);
process.exit(0);
