import { readFileSync } from 'node:fs';

/**
 * Whether the kernel tracks connections in this network namespace: whether it knows of any. Nobody tells who has asked it to, and to ask
 * for a connection in a rule of our own would have it track them all, which costs each packet some hundred nanoseconds.
 */
export function isTracking(file = '/proc/sys/net/netfilter/nf_conntrack_count'): boolean {
  try {
    return Number(readFileSync(file, 'latin1')) > 0;
  } catch {
    return false;
  }
}
