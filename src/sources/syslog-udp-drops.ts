import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { Prefix } from '../model/prefix.js';

/**
 * How many datagrams the kernel has dropped for want of room in the receive buffer of a UDP socket: proc(5), /proc/net/udp,
 * the last column. 0 if it cannot be read.
 */
export function dropsOf(host: string, port: number): number {
  const address = `${hexOf(host)}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    const lines = readFileSync(isIPv6(host) ? '/proc/self/net/udp6' : '/proc/self/net/udp', 'latin1').split('\n');
    const fields = lines.map((line) => line.trim().split(/\s+/)).find((words) => words[1] === address);
    return Number(fields?.at(-1) ?? 0);
  } catch {
    return 0;
  }
}

/** The kernel prints addresses as 32-bit words of the machine's order. */
function hexOf(host: string): string {
  const bytes = Buffer.alloc(isIPv6(host) ? 16 : 4);
  Prefix.parse(host).write(bytes, 0);
  if (endianness() === 'LE') bytes.swap32();
  return bytes.toString('hex').toUpperCase();
}
