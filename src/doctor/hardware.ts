import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { Link } from '../rtnetlink/links.js';

/** Where sysfs is; sysfs(5). */
const SYSFS = '/sys';

/**
 * The driver of the hardware behind a link, by its bus: /sys/class/net shows those of the network namespace that sysfs was mounted
 * in, which need not be ours. Undefined where there is none, or where the kernel does not say which hardware (before 5.14).
 */
export function driverOf(link: Link, sysfs = SYSFS): string | undefined {
  const device = deviceOf(link, sysfs);
  try {
    return device && basename(readlinkSync(`${device}/driver`));
  } catch {
    return undefined;
  }
}

/** The feature bits that virtio_net and its host agreed on, from `features`: one digit each, the lowest bit first. */
export function virtioFeatures(link: Link, sysfs = SYSFS): ReadonlySet<number> {
  const device = link.parent?.bus === 'virtio' ? deviceOf(link, sysfs) : undefined;
  try {
    const digits = device ? readFileSync(`${device}/features`, 'latin1').trim() : '';
    return new Set([...digits].flatMap((digit, bit) => (digit === '1' ? [bit] : [])));
  } catch {
    return new Set();
  }
}

function deviceOf({ parent }: Link, sysfs: string): string | undefined {
  if (!parent || [parent.bus, parent.device].some((part) => part.includes('/') || part.startsWith('.')))
    return undefined;
  return `${sysfs}/bus/${parent.bus}/devices/${parent.device}`;
}
