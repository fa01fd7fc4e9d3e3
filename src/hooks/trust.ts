import { accessSync, constants, lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../model/errors.js';

/** Links that lead from one to another; the kernel follows as many (MAXSYMLINKS). */
const MOST_LINKS = 40;

/**
 * Why a program is not to be run: it is none, or somebody else than root may change it, or put another one in its place. Each directory and
 * link on the way to it is looked at. Undefined where nothing is against it.
 */
export function programFault(path: string): string | undefined {
  try {
    const { place, stat, writable } = follow(path);
    if (writable !== undefined)
      return `${writable}: others than root may write it, and so have a program of theirs run: chown root it, chmod go-w it`;
    if (!stat.isFile()) return `${place} is no file`;
    accessSync(place, constants.X_OK);
    return undefined;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return `${path} is not there`;
    return code === 'EACCES' ? `${path} may not be run by the user of the service: chmod a+rx it` : messageOf(thrown);
  }
}

interface Followed {
  readonly place: string;
  readonly stat: Stats;
  /** The first place on the way that others than root may write. */
  readonly writable?: string;
}

function follow(path: string, links = 0): Followed {
  const parts = path.split('/').filter((part) => part !== '');
  let at = '/';
  let stat = lstatSync(at);
  for (const [index, part] of parts.entries()) {
    if (isWritable(stat)) return { place: at, stat, writable: at };
    at = resolve(at, part);
    stat = lstatSync(at);
    if (!stat.isSymbolicLink()) continue;
    if (stat.uid !== 0) return { place: at, stat, writable: at };
    if (links === MOST_LINKS) throw new Error(`${path}: too many symbolic links`);
    const target = resolve(dirname(at), readlinkSync(at));
    return follow([target, ...parts.slice(index + 1)].join('/'), links + 1);
  }
  return { place: at, stat, ...(isWritable(stat) && { writable: at }) };
}

/** In a directory with the sticky bit nobody replaces what is root's: /tmp. */
function isWritable(stat: Stats): boolean {
  const isSticky = stat.isDirectory() && (stat.mode & 0o1000) !== 0;
  return stat.uid !== 0 || (!isSticky && (stat.mode & 0o022) !== 0);
}
