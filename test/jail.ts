import type { JailConfig } from '../src/config/types.js';
import { Exempt } from '../src/detection/exempt.js';
import type { Overrun } from '../src/detection/offences.js';
import { Watch } from '../src/detection/watch.js';
import type { Attempt } from '../src/filters/filter.js';
import { Never } from '../src/jails/never.js';
import type { FilterDefinition } from '../src/model/definition.js';
import { Prefix } from '../src/model/prefix.js';
import type { BanVerdict } from '../src/model/street.js';
import type { Chunk } from '../src/sources/chunk.js';

export const NOW = Date.parse('2026-05-04T12:00:00Z');

/** Takes minutes for EVIL: because of the reference, nothing that was tried may be forgotten. */
export const EXPONENTIAL = String.raw`^ evil (?:(a+)\1?)+ from <ADDR>$`;

export const EVIL = `evil ${'a'.repeat(1000)}! from 198.51.100.66`;

export const definition = (failregex: readonly string[], more: Partial<FilterDefinition> = {}): FilterDefinition => ({
  name: 'test',
  origin: 'jail test',
  failregex: failregex.map((text, index) => ({ text, origin: 'test.conf', line: index + 1 })),
  ignoreregex: [],
  maxlines: 1,
  journalmatch: [],
  ...more,
});

/** A jail that bans for ever who knocks twice: `knock from 192.0.2.7` behind an ISO date. */
export const jail = (name: string, more: Partial<JailConfig> = {}): JailConfig => ({
  name,
  origin: 'test',
  filter: definition(['^ knock from <HOST>$']),
  sources: [],
  maxretry: 2,
  findtime: 600_000,
  bantime: null,
  usedns: 'no',
  encoding: 'utf-8',
  ignoreip: [],
  ignoreself: false,
  scope: 'all',
  ...more,
});

/** A line as it stands in a log, with its newline. */
export const line = (text: string, time = NOW): string => `${new Date(time).toISOString()} ${text}\n`;

export const chunk = (text: string | Buffer, more: Partial<Chunk> = {}): Chunk => ({
  source: '/var/log/test.log',
  bytes: Buffer.from(text),
  offset: 0,
  ...more,
});

export const banned = (verdicts: Iterable<readonly BanVerdict[]>): string[] =>
  [...verdicts].flat().map(({ ban }) => `${ban.jail} ${ban.prefix}`);

/** Jails at work, with a clock that only the test moves; told what they report and what comes later. */
export function watches(configs: readonly JailConfig[]) {
  const state = {
    now: NOW,
    overruns: [] as Overrun[],
    late: [] as BanVerdict[],
    hosts: {} as Record<string, string[]>,
  };
  const attempt: Attempt = { compiled: undefined };
  const resolve = (name: string, found: (prefixes: readonly Prefix[]) => void): void =>
    found((state.hosts[name] ?? []).map((address) => Prefix.parse(address)));
  const options = { now: () => state.now, resolve, never: new Never([Prefix.parse('203.0.113.0/24')]), attempt };
  const made = configs.map(
    (config) =>
      new Watch(config, {
        ...options,
        exempt: new Exempt(config, options),
        onOverrun: (overrun) => state.overruns.push(overrun),
        onLate: (verdict) => state.late.push(verdict),
      }),
  );
  return { state, attempt, watches: made };
}

export const ban = (address: string, name = 'test'): BanVerdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail: name, reason: 'knocked', since: NOW, until: null },
});
