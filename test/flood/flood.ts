import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Test } from 'tap';
import { frame } from '../frames.js';
import { type Elsewhere, elsewhere, ip } from '../interfaces.js';

/** Where those that pass are counted, behind whatever drops. */
const SEEN = `table inet seen_by_test {
  counter through { }
  chain prerouting {
    type filter hook prerouting priority -100
    udp dport 4000 counter name through
  }
}`;

/** Packets from many addresses, as fast as one process can, through a cable from another network namespace into in0. */
export class Flood {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dropset-flood-'));
  readonly #elsewhere: Elsewhere;
  #size = 0;

  private constructor(other: Elsewhere) {
    this.#elsewhere = other;
  }

  /** For a test file that is in a namespace of its own: makes in0. Gone at its end. */
  static async for(t: Test): Promise<Flood> {
    const other = await elsewhere();
    const flood = new Flood(other);
    t.teardown(() => {
      other.end();
      rmSync(flood.#folder, { recursive: true });
    });
    execFileSync('gcc', ['-O1', '-o', join(flood.#folder, 'flood'), resolve('test/flood/flood.c')]);
    ip(`link add in0 type veth peer name out0`);
    ip(`link set dev out0 netns ${other.pid}`);
    ip('link set in0 up');
    execFileSync('nsenter', ['-t', String(other.pid), '-n', 'ip', 'link', 'set', 'out0', 'up']);
    execFileSync('nft', ['-f', '-'], { input: SEEN });
    return flood;
  }

  /** Datagrams from these addresses of one family, one after the other. */
  aim(sources: readonly string[]): void {
    const [{ address }] = JSON.parse(ip('-json link show in0')) as [{ address: string }];
    const mac = Buffer.from(address.replaceAll(':', ''), 'hex');
    const frames = sources.map((source) => {
      const { bytes } = frame(`a UDP datagram to port 4000 from ${source}`);
      mac.copy(bytes, 0);
      return completed(bytes, source.includes(':'));
    });
    this.#size = frames[0]?.length ?? 0;
    writeFileSync(join(this.#folder, 'frames'), Buffer.concat(frames));
  }

  /** Sends while something is done; answers how many packets were sent, and how many came through. */
  async while(work: () => Promise<void>): Promise<{ readonly sent: number; readonly through: number }> {
    const before = through();
    const words = ['-t', String(this.#elsewhere.pid), '-n', join(this.#folder, 'flood'), 'out0'];
    const child = spawn('nsenter', [...words, join(this.#folder, 'frames'), String(this.#size)]);
    await once(child.stdout, 'data');
    try {
      await work();
    } finally {
      child.kill('SIGTERM');
    }
    return { sent: await sentBy(child), through: through() - before };
  }
}

/** What a program that drops does not look at, and a network stack does: RFC 791, 3.1; RFC 8200, 3. */
function completed(bytes: Buffer, isIPv6: boolean): Buffer {
  const header = bytes.subarray(14);
  if (isIPv6) {
    header.writeUInt16BE(header.length - 40, 4);
    return bytes;
  }
  header.writeUInt16BE(0, 10);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  header.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 10);
  return bytes;
}

async function sentBy(child: ChildProcess): Promise<number> {
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  await once(child, 'close');
  return Number(said);
}

function through(): number {
  const said = execFileSync('nft', ['-j', 'list', 'counter', 'inet', 'seen_by_test', 'through'], { encoding: 'utf8' });
  const { nftables } = JSON.parse(said) as { nftables: { counter?: { packets: number } }[] };
  return nftables.find(({ counter }) => counter)?.counter?.packets ?? Number.NaN;
}
