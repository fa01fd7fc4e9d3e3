import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FilePosition } from './chunk.js';
import type { OpenFile } from './open-file.js';

/** Positions that are remembered of files which are not followed any more: a rotated log may come back under another name. */
const REMEMBERED = 4096;

/** Entries of a folder that are looked at in search of a file that was renamed. */
const SEARCHED = 10_000;

/** How far files have been read that are not open: in an earlier life of the process, or under an earlier name. */
export class Positions {
  readonly #byInode = new Map<string, FilePosition>();
  readonly #byPath = new Map<string, FilePosition>();

  /** @param stored by an earlier life. */
  constructor(stored: readonly FilePosition[]) {
    for (const position of stored) {
      this.add(position);
      this.#byPath.set(position.path, position);
    }
  }

  /** The paths that were followed in an earlier life. */
  get paths(): string[] {
    return [...this.#byPath.keys()];
  }

  /** Remembers a file that is closed, the last 4,096 of them. */
  add(position: FilePosition): void {
    this.#byInode.delete(keyOf(position));
    this.#byInode.set(keyOf(position), position);
    if (this.#byInode.size <= REMEMBERED) return;
    for (const oldest of this.#byInode.keys()) return void this.#byInode.delete(oldest);
  }

  /**
   * Moves a file to where it was left, if it is known under any name. Under its old name the inode and the content are enough:
   * btrfs, NFS and device mappers give device numbers anew at each mount.
   */
  resume(file: OpenFile): boolean {
    const known = this.#byInode.get(keyOf(file.position));
    const position = known ?? this.#byPath.get(file.path);
    if (!position || !file.resume(position)) return false;
    this.#byInode.delete(keyOf(position));
    return true;
  }

  /** What an earlier life left of a path; asked once. */
  takeStored(path: string): FilePosition | undefined {
    const position = this.#byPath.get(path);
    this.#byPath.delete(path);
    return position;
  }
}

const keyOf = ({ device, inode }: FilePosition): string => `${device}:${inode}`;

/** Under which name of the same folder the position's file is now, by its inode; undefined if it is not there. */
export function renamedTo({ path, device, inode }: FilePosition): string | undefined {
  const folder = dirname(path);
  try {
    const names = readdirSync(folder).slice(0, SEARCHED);
    return names.map((name) => join(folder, name)).find((other) => other !== path && isInode(other, device, inode));
  } catch {
    return undefined;
  }
}

function isInode(path: string, device: string, inode: string): boolean {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && String(stat.ino) === inode && String(stat.dev) === device && stat.isFile();
}
