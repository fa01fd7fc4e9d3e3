// One attacker's packets through a veth pair at full rate, until something drops them.

import { attach } from '../../../dist/bpf/links.js';
import { closeDescriptor } from '../../../dist/bpf/pins.js';
import { readTallies } from '../../../dist/bpf/tallies.js';
import { Batch } from '../../../dist/model/batch.js';
import { openBackend } from '../backend.mjs';
import { best, publish, times } from '../table.mjs';
import { address4 } from './numbers.mjs';
import { flood, makePair } from './veth.mjs';

const ROUNDS = 5;
const ATTACKER = address4(7);

function byProgram(name, program, ifindex, mode, dropped) {
  const start = async () => {
    const link = attach(program, ifindex, mode);
    return { dropped, stop: async () => closeDescriptor(link) };
  };
  return { name, start };
}

/** The table of the other backend has nobody but the attacker. */
async function startNftables() {
  const backend = await openBackend(false);
  await backend.apply(new Batch([{ verb: 'add', prefix: ATTACKER, until: Date.now() + 3_600_000 }], Date.now()));
  return {
    dropped: async () => (await backend.counters()).packets,
    stop: () => backend.close({ keep: false }),
  };
}

function dropPoints({ program }, programs, ifindex) {
  const dropped = async () => readTallies(program.maps).verdicts.banned.packets;
  return [
    byProgram('bare XDP_DROP, native', programs.bare, ifindex, 'native'),
    byProgram('XDP_DROP after reading the source, native', programs.reading, ifindex, 'native'),
    byProgram('dropset, native', program.drop, ifindex, 'native', dropped),
    byProgram('dropset, generic', program.drop, ifindex, 'generic', dropped),
    { name: 'dropset by nftables', start: startNftables },
  ];
}

async function measure({ name, start }) {
  const { dropped, stop } = await start();
  const before = await dropped?.();
  const found = flood(ATTACKER.text);
  const count = dropped && (await dropped()) - before;
  await stop();
  // A few others, of the kernel's own, arrive too.
  if (dropped && Math.abs(count - found.packets) > 100)
    throw new Error(`${name}: dropped ${count} of ${found.packets}`);
  return found;
}

const rate = (ns) => `${(1000 / ns).toFixed(2)} M`;
const percent = (ratio) => `${(ratio * 100).toFixed(0)} %`;

/** A way of measuring as cells: time, rate, and how it compares with the first point and with the last. */
function cells(points, point, way) {
  const [ours, bare, nftables] = [point, points[0], points.at(-1)].map((each) => best(each[way]));
  return [ours.toFixed(0), rate(ours), percent(bare / ours), times(nftables / ours)];
}

/** Publishes the rates; the tables are full. */
export async function measureLive(opened, programs) {
  const points = dropPoints(opened, programs, makePair()).map((point) => ({ ...point, together: [], receiving: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const point of points) {
      const { together, receiving } = await measure(point);
      point.together.push(together);
      point.receiving.push(receiving);
    }
  }
  const columns = ['packets/s', 'of the bare one', 'times nftables'];
  publish(
    'xdp-live',
    [
      'one attacker, 64 bytes, best of 5',
      'receiving, ns a packet',
      ...columns,
      'sending and receiving, ns',
      ...columns,
      'target',
    ],
    points.map((point) => [
      point.name,
      ...cells(points, point, 'receiving'),
      ...cells(points, point, 'together'),
      point.name === 'dropset, native' ? '85 %, 6 x' : '',
    ]),
    [
      "Receiving: processor time of a thread that does veth's poll, its waking for every 64 packets included. Sending and receiving: one processor does both, without a thread, and loses no packet. dropset has 1,000,000 addresses and 100,000 prefixes, nftables the attacker alone.",
    ],
  );
}
