import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Line } from '../model/street.js';
import { Bell } from './bell.js';
import type { SourceEvent } from './event.js';
import { Follower } from './follower.js';

export interface FollowOptions {
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /** Longer lines are cut, in bytes; 65,536 where absent. */
  readonly maxLine?: number;
  readonly onEvent?: (event: SourceEvent) => void;
}

/**
 * Follows a file from the end that it has now, in chunks of complete lines, through inotify and never by polling.
 * Renamed, replaced, truncated and missing files are followed as logrotate makes them: nothing is read twice, and
 * what was written to the old file before the new one is read first.
 *
 * Watches and descriptors are taken by the call itself and given back when the signal aborts or the consumer
 * returns, whichever is first.
 *
 * @throws the errno of inotify_add_watch, here or while iterating, when not even a directory can be watched: ENOSPC
 *   is fs.inotify.max_user_watches.
 */
export function follow(path: string, options: FollowOptions): AsyncIterableIterator<readonly Line[]> {
  const bell = new Bell();
  const follower = new Follower(resolve(path), {
    onChange: () => bell.ring(),
    onEvent: options.onEvent ?? (() => undefined),
    maxLine: options.maxLine ?? 65_536,
  });
  const { signal } = options;
  const stop = (): void => {
    if (bell.stopped) return;
    signal.removeEventListener('abort', stop);
    bell.stop();
    follower.close();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  return stoppable(chunks(follower, bell, stop), stop);
}

async function* chunks(follower: Follower, bell: Bell, stop: () => void): AsyncGenerator<readonly Line[]> {
  try {
    while (!bell.stopped) {
      for (const lines of follower.read()) {
        if (lines.length > 0) yield lines;
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

/** A generator's own `return` would wait for the line that its pending `next` waits for. */
function stoppable<T>(generator: AsyncGenerator<T>, stop: () => void): AsyncIterableIterator<T> {
  return {
    next: () => generator.next(),
    return: () => {
      stop();
      return generator.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
