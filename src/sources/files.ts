import { setImmediate } from 'node:timers/promises';
import { Bell } from './bell.js';
import type { Chunk, FilePosition } from './chunk.js';
import type { SourceEvent } from './event.js';
import { FileSet } from './file-set.js';
import { AGAIN } from './followed-path.js';
import type { FilePattern } from './pattern.js';
import type { IsOld } from './since.js';
import { endOf, stoppable } from './stoppable.js';

export interface FollowOptions {
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /** Longer lines are cut; in bytes without the newline, from 1 to 1,048,575; 65,536 where absent. */
  readonly maxLine?: number;
  /** Where files were left in an earlier life of the process. */
  readonly positions?: readonly FilePosition[];
  /** For patterns that start `since`. */
  readonly isOld?: IsOld;
  readonly onEvent?: (event: SourceEvent) => void;
}

export interface FollowedFiles extends AsyncIterableIterator<Chunk> {
  /** Where each file has been read to, behind the last chunk that was handed over; as it was at the end when it is over. */
  readonly positions: readonly FilePosition[];
  /** Bytes of each path's files that have not been handed over; of what was there when the iteration ended, none. */
  readonly behind: readonly { readonly path: string; readonly bytes: number }[];
  /** Folders that are watched. */
  readonly directories: number;
  /**
   * Follows what these patterns lead to from here on; what they led to before goes on where it is.
   *
   * @returns the positions of the files that were not followed before: nothing of them has been handed over yet.
   */
  retarget(patterns: readonly FilePattern[]): readonly FilePosition[];
}

/**
 * Follows all files that the patterns lead to, in chunks of whole lines, through inotify and never by polling. Renamed, replaced,
 * truncated and missing files are followed as logrotate makes them: nothing is read twice, and what was written to the
 * old file is read before the new one. Files take turns of at most 1 MiB, and nothing is read before it is asked for.
 *
 * Watches and descriptors are taken by the call itself and given back when the signal aborts or the consumer returns,
 * whichever is first.
 *
 * @throws DropsetError `source` for a pattern that is no absolute path, and if a limit of inotify is reached: later, that is an
 *   event.
 */
export function followFiles(patterns: readonly FilePattern[], options: FollowOptions): FollowedFiles {
  const bell = new Bell();
  const files = new FileSet(patterns, {
    maxLine: options.maxLine ?? 65_536,
    positions: options.positions ?? [],
    isOld: options.isOld,
    onChange: () => bell.ring(),
    onEvent: options.onEvent ?? (() => undefined),
  });
  const stop = endOf(options.signal, bell, () => files.close());
  const followed = stoppable(chunks(files, bell, stop), stop);
  return Object.defineProperties(followed, {
    positions: { get: () => files.positions },
    behind: { get: () => files.behind },
    directories: { get: () => files.directories },
    retarget: { value: (wanted: readonly FilePattern[]) => files.retarget(wanted) },
  }) as FollowedFiles;
}

async function* chunks(files: FileSet, bell: Bell, stop: () => void): AsyncGenerator<Chunk> {
  try {
    while (!bell.stopped) {
      const chunk = files.read();
      if (!chunk) {
        await bell.wait();
        continue;
      }
      if (chunk !== AGAIN) yield chunk;
      // Behind the yield, so that it delays no line: timers and sockets have their turn between two chunks.
      await setImmediate();
    }
  } finally {
    stop();
  }
}
