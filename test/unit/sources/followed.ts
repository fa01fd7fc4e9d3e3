import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Test } from 'tap';
import type { SourceEvent } from '../../../src/sources/event.js';
import { FileSet, type FileSetOptions } from '../../../src/sources/file-set.js';
import type { Start } from '../../../src/sources/pattern.js';

export interface Followed {
  readonly files: FileSet;
  readonly kinds: string[];
  readonly events: SourceEvent[];
  /** What is new. */
  readonly read: () => Promise<string[]>;
}

interface Options extends Partial<FileSetOptions> {
  readonly start?: Start;
}

/** Follows files, without anybody who waits for them. */
export function followed(t: Test, patterns: string | string[], { start = 'end', ...options }: Options = {}): Followed {
  const events: SourceEvent[] = [];
  const kinds: string[] = [];
  const onEvent = (event: SourceEvent): void => {
    if (!event.message.startsWith(`${event.path} `)) t.fail(`${event.message} names its path`);
    events.push(event);
    kinds.push(event.kind);
  };
  const listed = [patterns].flat().map((pattern) => ({ pattern, start }));
  const files = new FileSet(listed, { maxLine: 99, positions: [], onChange: () => undefined, onEvent, ...options });
  t.teardown(() => files.close());
  return { files, kinds, events, read: () => readAll(t, files) };
}

/** inotify's events are there when the system call returns, and the next turns of the loop deliver them. */
async function readAll(t: Test, files: FileSet): Promise<string[]> {
  const lines: string[] = [];
  await turn();
  await turn();
  for (let chunk = files.read(); chunk; chunk = files.read()) {
    if (chunk !== 'again') {
      t.equal(chunk.bytes.at(-1), 10);
      lines.push(...chunk.bytes.toString('latin1').slice(0, -1).split('\n'));
    }
    await turn();
  }
  return lines;
}

/** A folder with files, and the path of `log` in it. */
export const at = (t: Test, files: Record<string, string> = { log: 'old\n' }): string => join(t.testdir(files), 'log');

/** What `limited.ts` prints, in a user namespace that may have so many inotify watches. */
export function limited(watches: number): unknown {
  const script = `echo ${watches} > /proc/sys/user/max_inotify_watches && exec "$@"`;
  const words = [process.execPath, ...process.execArgv, 'test/unit/sources/limited.ts'];
  return JSON.parse(
    execFileSync('unshare', ['--user', '--map-root-user', 'sh', '-c', script, 'sh', ...words]).toString(),
  );
}
