import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { identityOf, OpenFile, type OpenFileOptions } from './open-file.js';
import { NamedPipe } from './pipe.js';

/** What a path leads to: its identity, and whether it can be followed. */
export interface Target {
  readonly identity: string;
  readonly kind: 'file' | 'pipe';
}

/**
 * Looks at what is there now, without opening it: to open a device may do something.
 *
 * @throws the errno of stat; EISDIR or EINVAL for what can be neither a log nor a pipe.
 */
export function targetOf(path: string): Target {
  const stat = statSync(path, { bigint: true });
  if (stat.isFile()) return { identity: identityOf(stat), kind: 'file' };
  if (stat.isFIFO()) return { identity: identityOf(stat), kind: 'pipe' };
  throw stat.isDirectory() ? failure('EISDIR', 'it is a directory') : failure('EINVAL', 'it is no regular file');
}

/** @throws the errno of open. */
export function openTarget(path: string, { kind }: Target, options: OpenFileOptions): OpenFile | NamedPipe {
  return kind === 'pipe' ? new NamedPipe(path, options) : new OpenFile(path, options);
}

/**
 * Whether writes may go unheard by who watches the folder: the name is a link, or the writer may use another name.
 */
export function needsWatch(path: string, file: OpenFile): boolean {
  const stat: BigIntStats | undefined = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat?.isSymbolicLink() !== false || file.links > 1;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
