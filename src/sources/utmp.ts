import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Bell } from './bell.js';
import type { Chunk, FilePosition } from './chunk.js';
import type { SourceEvent } from './event.js';
import { endOf, stoppable } from './stoppable.js';
import { UtmpFollower } from './utmp-follower.js';
import type { UtmpLayoutName } from './utmp-layout.js';
import type { LoginLog } from './utmp-line.js';

export interface UtmpOptions {
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /** Which records matter, and the first word of the lines; `btmp` where absent. */
  readonly log?: LoginLog;
  /** Where to begin without a position, in a file that is there already; `end` where absent. */
  readonly start?: 'end' | 'beginning';
  /** Goes on here if it is a place in this file, or in one beside it that had its name; else the file is read as a whole. */
  readonly position?: FilePosition | undefined;
  /** How records lie in the file; where absent, the first ones tell. */
  readonly layout?: UtmpLayoutName;
  readonly onEvent?: (event: SourceEvent) => void;
}

/**
 * Follows /var/log/btmp, or wtmp, in lines as `lineOf` of utmp-line.ts makes them, through inotify and never by polling. Files that are
 * renamed, replaced, truncated or missing are followed as logrotate makes them; of what is appended, whole records are read.
 *
 * @throws DropsetError `source` if not even the directory is there, or inotify has no more watches.
 */
export function followUtmp(path: string, options: UtmpOptions): AsyncIterableIterator<Chunk> {
  const bell = new Bell();
  const follower = new UtmpFollower({
    path: resolve(path),
    log: options.log ?? 'btmp',
    layout: options.layout,
    start: options.start ?? 'end',
    position: options.position,
    onChange: () => bell.ring(),
    onEvent: options.onEvent ?? (() => undefined),
  });
  const stop = endOf(options.signal, bell, () => follower.close());
  return stoppable(chunks(follower, bell, stop), stop);
}

async function* chunks(follower: UtmpFollower, bell: Bell, stop: () => void): AsyncGenerator<Chunk> {
  try {
    while (!bell.stopped) {
      for (const chunk of follower.read()) {
        yield chunk;
        // Behind the yield, so that it delays no line: timers and sockets have their turn between two chunks.
        await setImmediate();
        if (bell.stopped) return;
      }
      await bell.wait();
    }
  } finally {
    stop();
  }
}
