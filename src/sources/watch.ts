import { type FSWatcher, watch } from 'node:fs';
import { DropsetError } from '../model/errors.js';

/** What libuv makes of inotify's mask: `change` for IN_MODIFY and IN_ATTRIB, `rename` for all others. */
export type WatchListener = (kind: string, name: string | null) => void;

const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches',
  EMFILE: 'fs.inotify.max_user_instances, or the number of open files,',
};

/**
 * One inotify watch. All watches of a thread share one inotify descriptor: libuv has one for each event loop.
 *
 * @param name what an operator knows the path as.
 * @throws DropsetError `source` if a limit of the kernel is reached; the errno of inotify_add_watch for all else.
 */
export function startWatch(path: string, listener: WatchListener, onLost: () => void, name = path): FSWatcher {
  try {
    return watch(path, { persistent: true }, listener).on('error', onLost);
  } catch (error) {
    const limit = LIMITS[(error as NodeJS.ErrnoException).code ?? ''];
    if (limit === undefined) throw error;
    const sentence = `${name} cannot be watched: ${limit} is exhausted; raise it with sysctl -w`;
    throw new DropsetError('source', sentence, { cause: error });
  }
}
