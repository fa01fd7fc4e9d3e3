import type { JailConfig } from '../src/config/types.js';
import type { FilterDefinition } from '../src/model/definition.js';
import { Prefix } from '../src/model/prefix.js';
import type { BanVerdict } from '../src/model/street.js';
import type { Chunk } from '../src/sources/chunk.js';

export const NOW = Date.parse('2026-05-04T12:00:00Z');

/** Takes time that doubles with each `a`, for any engine: the reference forbids to remember what was tried. */
export const EXPONENTIAL = String.raw`^ evil (?:(a+)\1?)+ from <ADDR>$`;

/** Some seconds of it. */
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
  scope: { kind: 'all' },
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

export const ban = (address: string, name = 'test'): BanVerdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail: name, reason: 'knocked', since: NOW, until: null },
});
