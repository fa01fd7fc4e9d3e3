// From a line in the log to the first packet that is dropped.
import { Front } from './strike.mjs';
import { ms, percentile, publish } from './table.mjs';

const SAMPLES = 200;
const BURSTS = 20;
/** V8 has seen the way often enough by then. */
const WARM = 10;

const front = await Front.open();
front.fill(100_000);

const single = [];
for (let sample = 0; sample < SAMPLES; sample++) single.push(...(await front.strike((sample % 200) + 1, 1, 50)));
const bursts = [];
for (let round = 0; round < BURSTS; round++) {
  front.unban();
  bursts.push(Math.max(...(await front.strike(1, 200, 1000))));
}
await front.close();
const warm = bursts.slice(WARM);
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
    ['200 attackers in one burst, all of them: the first', ms(bursts[0]), '', ''],
    [`and ${BURSTS - WARM} times when it has seen ${WARM}`, ms(percentile(warm, 50)), '', ms(Math.max(...warm))],
  ],
  ['The sender sends every 50 us (single) or every 1 ms (burst): that is the resolution.'],
);
process.exit(0);
