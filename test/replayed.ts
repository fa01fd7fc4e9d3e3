import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Test } from 'tap';
import type { Config, JailConfig } from '../src/config/types.js';
import { Prefix } from '../src/model/prefix.js';
import { openLog } from '../src/replay/open-log.js';
import { Replay, type ReplayOptions } from '../src/replay/replay.js';
import { jail, line, NOW } from './jail.js';

export const MINUTE = 60_000;

export const knock = (address: string, time: number): string => line(`knock from ${address}`, time);

/** Minutes ago, by NOW. */
export const ago = (minutes: number): number => NOW - minutes * MINUTE;

interface Given extends Partial<ReplayOptions> {
  readonly jails?: readonly string[];
}

/** Replays files, of jails that read them by their names, with 203.0.113.0/24 on the never-list. */
export async function replayed(
  t: Test,
  configs: readonly JailConfig[],
  files: Record<string, string | Buffer>,
  given: Given = {},
) {
  const folder = t.testdir(files);
  const notes: string[] = [];
  const jails = configs.map((config) => ({
    ...config,
    sources: config.sources.map((source) =>
      source.kind === 'file' ? { ...source, pattern: join(folder, source.pattern) } : source,
    ),
  }));
  const logs = await Promise.all(Object.keys(files).map((name) => openLog(join(folder, name), Readable.from([]), {})));
  const never = { addresses: [Prefix.parse('203.0.113.0/24')] };
  const config = { jails, never, service: { history: 180 * 86_400_000 } } as unknown as Config;
  const replay = new Replay(config, logs, {
    ...{ jails: [], reference: () => NOW, onNote: (sentence: string) => notes.push(sentence) },
    ...given,
  });
  let last = 0;
  for await (const { lines } of replay.run()) last = lines;
  t.equal(last, replay.lines);
  return { replay, notes, bans: replay.bans.all };
}

/** A jail of ten minutes that reads files of a name. */
export const reads = (name: string, pattern: string, more: Partial<JailConfig> = {}): JailConfig =>
  jail(name, { sources: [{ kind: 'file', pattern, start: 'end' }], bantime: 10 * MINUTE, ...more });
