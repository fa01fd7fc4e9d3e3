import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Damaged files that are kept. */
const MOST = 3;

const SUFFIXES = ['', '-wal', '-shm'] as const;

/**
 * Moves a damaged file out of the way, with what belongs to it, to `PATH.corrupt-20260504T120000Z`; of such files the newest three are
 * kept.
 *
 * @returns its new path.
 */
export function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const aside = `${path}.corrupt-${stamp}`;
  for (const suffix of SUFFIXES) {
    rmSync(aside + suffix, { force: true });
    moveIfThere(path + suffix, aside + suffix);
  }
  const isAside = (name: string): boolean =>
    name.startsWith(`${basename(path)}.corrupt-`) && /-\d{8}T\d{6}Z$/.test(name);
  const kept = readdirSync(dirname(path)).filter(isAside).sort();
  for (const name of kept.slice(0, -MOST)) {
    for (const suffix of SUFFIXES) rmSync(join(dirname(path), name + suffix), { force: true });
  }
  return aside;
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
}
