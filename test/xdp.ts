import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { Lab, type Machine } from '../scripts/lab/lab.mjs';
import { XdpBackend } from '../src/backends/xdp/backend.js';
import type { XdpOptions } from '../src/backends/xdp/options.js';
import { Batch } from '../src/model/batch.js';
import { Prefix } from '../src/model/prefix.js';
import type { Change, Element } from '../src/model/street.js';
import { ip } from './interfaces.js';

export const PINS = '/sys/fs/bpf/dropset';

/** Options for a test, which tell in `said` what an operator would hear: `level sentence`. */
export function optionsOf(more: Partial<XdpOptions> = {}): XdpOptions & { readonly said: string[] } {
  const said: string[] = [];
  return {
    size: 65_536,
    elementCounters: true,
    allow: [],
    interfaces: ['in0'],
    mode: 'native',
    pins: PINS,
    say: (level, sentence) => said.push(`${level} ${sentence}`),
    ...more,
    said,
  };
}

/** An open backend, which is taken away at the end of the test unless it was closed. */
export async function opened(t: Test, more: Partial<XdpOptions> = {}) {
  const options = optionsOf(more);
  const backend = new XdpBackend(options);
  await backend.open();
  t.teardown(() => backend.close({ keep: false }));
  return { backend, said: options.said };
}

export const add = (address: string, until: number | null = null): Change => ({
  verb: 'add',
  prefix: Prefix.parse(address),
  until,
});

export const remove = (address: string): Change => ({ verb: 'remove', prefix: Prefix.parse(address) });

export const batch = (...changes: Change[]): Batch => new Batch(changes, Date.now());

export async function elementsIn(backend: XdpBackend): Promise<Element[]> {
  const found: Element[] = [];
  for await (const element of backend.elements()) found.push(element);
  return found;
}

export const held = async (backend: XdpBackend): Promise<string[]> =>
  (await elementsIn(backend)).map(({ prefix }) => prefix.text).sort();

/** Descriptors that this process has open, of eBPF objects. */
export const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((descriptor) => /bpf/.test(lookAt(`/proc/self/fd/${descriptor}`))).length;

function lookAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The descriptor of the folder that was read.
    return '';
  }
}

/** Adds so many addresses in batches, from a number on. */
export async function fill(backend: XdpBackend, count: number, from = 0): Promise<void> {
  for (let start = from; start < from + count; start += backend.capacity) {
    const most = Math.min(backend.capacity, from + count - start);
    const changes = Array.from({ length: most }, (_, index) => {
      const number = start + index;
      return add(`10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`);
    });
    await backend.apply(batch(...changes));
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within 10 seconds: ${what}`);
    await sleep(10);
  }
}

export const BANNED = '198.51.100.66';
export const CLEAN = '198.51.100.7';
export const BANNED6 = '2001:db8:1::66';
export const CLEAN6 = '2001:db8:1::7';
export const HERE = '198.51.100.1';
export const HERE6 = '2001:db8:1::1';
export const PORT = 4000;

/** A machine on the other end of in0's cable, whose datagrams are counted here by who sent them. */
export class Wire {
  readonly outside: Machine;
  readonly #lab = new Lab();
  readonly #sockets: Socket[] = [];
  readonly #counts = new Map<string, number>();
  #last = 0;

  private constructor() {
    this.outside = this.#lab.machine('outside');
    ip(`link add in0 type veth peer name out0 netns ${this.outside.namespace}`);
    ip('link set in0 up');
    const outside = (words: string): string => this.outside.run('ip', ...words.split(' '));
    outside('link set out0 up');
    const [{ address: mac }] = JSON.parse(ip('-json link show in0'));
    for (const address of [`${HERE}/24`, `${HERE6}/64 nodad`]) ip(`address add dev in0 ${address}`);
    for (const address of [`${BANNED}/24`, `${CLEAN}/24`, `${BANNED6}/64 nodad`, `${CLEAN6}/64 nodad`])
      outside(`address add dev out0 ${address}`);
    // Nobody asks who has an address: such a question comes from a banned address too, and would be counted.
    for (const here of [HERE, HERE6]) outside(`neigh replace ${here} lladdr ${mac} dev out0 nud permanent`);
  }

  /** For a test file: gone at its end. */
  static async for(t: Test): Promise<Wire> {
    const wire = new Wire();
    t.teardown(() => wire.remove());
    await wire.#listen('udp4', HERE);
    await wire.#listen('udp6', HERE6);
    return wire;
  }

  remove(): void {
    for (const socket of this.#sockets) socket.close();
    this.#lab.remove();
  }

  /** Datagrams that came from an address. */
  from(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  /** Sends datagrams; answers how many of them arrived. */
  async send(from: string, count = 1): Promise<number> {
    const before = this.from(from);
    await this.outside.order('send', { from, to: to(from), port: PORT, count });
    await sleep(30);
    return this.from(from) - before;
  }

  /** Pours datagrams from an address while something is done; answers how many left, and how many of them arrived. */
  async while(from: string, work: () => Promise<void>): Promise<{ readonly sent: number; readonly arrived: number }> {
    const name = `flood${this.#last++}`;
    const before = this.from(from);
    await this.outside.order('pour', { name, from, to: to(from), port: PORT });
    await work().finally(() => sleep(50));
    const { sent } = await this.outside.order('stop', { name });
    await sleep(50);
    return { sent, arrived: this.from(from) - before };
  }

  async #listen(type: 'udp4' | 'udp6', address: string): Promise<void> {
    const socket = createSocket({ type, recvBufferSize: 4_000_000 });
    socket.on('message', (_, { address: sender }) => this.#counts.set(sender, this.from(sender) + 1));
    socket.bind(PORT, address);
    await once(socket, 'listening');
    this.#sockets.push(socket);
  }
}

const to = (from: string): string => (from.includes(':') ? HERE6 : HERE);
