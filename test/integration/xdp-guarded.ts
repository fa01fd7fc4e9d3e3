import { execFileSync } from 'node:child_process';
import type { Test } from 'tap';
import { closeDescriptor, openPin } from '../../src/bpf/pins.js';
import { xdpNative } from '../../src/native.js';
import { enterNamespace } from '../namespace.js';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded } from './guarded.js';

/** `ip netns exec` hides what is mounted below /sys: all that the host runs sees this one. */
const MOUNTED = '/mnt';
export const PINS = `${MOUNTED}/dropset`;

/** Where datagrams are counted. */
const DRAIN = 4000;

/** Puts this test file into namespaces of its own, with a BPF file system that all processes of the host see. */
export function enterHost(): void {
  enterNamespace({ bpf: true });
  execFileSync('mount', ['-t', 'bpf', 'bpf', MOUNTED]);
}

export const backend = (more = ''): string =>
  `[backend]\nkind = "xdp"\npins = "${PINS}"\n${more.includes('interfaces') ? '' : 'interfaces = ["in0"]\n'}${more}`;

/** A guarded host that counts datagrams as they arrive. */
export async function guardedBy(t: Test, more?: string): Promise<Guarded> {
  const guarded = await Guarded.for(t, more);
  for (const address of [GUARD, GUARD6]) await guarded.host.order('drain', { address, port: DRAIN });
  return guarded;
}

/** Pours some thousand datagrams a second from a banned address while something is done: how many left, and how many arrived. */
export async function flooded(guarded: Guarded, from: string, work: () => Promise<unknown>) {
  const name = `flood from ${from}`;
  const arrived = async (): Promise<number> => (await guarded.host.order('drained', { from })).count;
  const before = await arrived();
  await guarded.outside.order('pour', { name, from, to: from.includes(':') ? GUARD6 : GUARD, port: DRAIN });
  const begun = performance.now();
  await work();
  const { sent } = await guarded.outside.order('stop', { name });
  return { sent, arrived: (await arrived()) - before, rate: (sent / (performance.now() - begun)) * 1000 };
}

/** Both families at once. */
export async function floodedTwice(guarded: Guarded, work: () => Promise<unknown>) {
  let six = { sent: 0, arrived: 0, rate: 0 };
  const four = await flooded(guarded, ATTACKER, async () => {
    six = await flooded(guarded, ATTACKER6, work);
  });
  return { sent: four.sent + six.sent, arrived: four.arrived + six.arrived };
}

/** Makes the pinned tables those of another version. */
export function ageTables(): void {
  const { update, lookup, layout } = xdpNative();
  const map = openPin(`${PINS}/maps/shape`);
  const shape = lookup(map, Buffer.alloc(4), layout.shape as number) as Buffer;
  shape.writeUInt32LE(99, layout['shape.version'] as number);
  update(map, Buffer.alloc(4), shape);
  closeDescriptor(map);
}
