import { isSuspect, type ReplayedBan } from '../../replay/bans.js';
import type { OpenLog } from '../../replay/open-log.js';
import type { Replay } from '../../replay/replay.js';

/** What came of a replay. */
export interface Results {
  readonly replay: Replay;
  readonly logs: readonly OpenLog[];
  readonly notes: readonly string[];
  /** That it took. */
  readonly seconds: number;
}

/** What one jail would have done. */
export interface JailResult {
  readonly name: string;
  /** What it counts. */
  readonly counts: 'failures' | 'bans';
  readonly maxretry: number;
  /** Milliseconds; of `bantime`, null for ever. */
  readonly findtime: number;
  readonly bantime: number | null;
  readonly lines: number;
  /** That counted. */
  readonly failures: number;
  /** That failed, 200,000 at most. */
  readonly addresses: number;
  /** Without those that a never-rule covers, which are `spared`. */
  readonly bans: number;
  readonly spared: number;
  /** Failures that the kernel would have dropped. */
  readonly dropped: number;
  /** Of the bans and the spared: who is never banned, or has logged in. */
  readonly suspects: number;
  readonly invalid: number;
  readonly unresolved: number;
  readonly skewed: number;
}

export function jailResults({ watches, bans }: Replay): JailResult[] {
  const byJail = new Map<string, ReplayedBan[]>();
  for (const ban of bans.all) {
    const known = byJail.get(ban.jail) ?? [];
    byJail.set(ban.jail, known);
    known.push(ban);
  }
  return watches.map(({ config, counts, addresses, dropped }) => {
    const { name, maxretry, findtime, bantime } = config;
    const { lines, failures, invalid, unresolved, skewed } = counts;
    const own = byJail.get(name) ?? [];
    const spared = own.filter(({ never }) => never !== undefined).length;
    const suspects = own.filter(isSuspect).length;
    const told = { lines, failures, addresses, bans: counts.bans - spared, spared, dropped, suspects };
    const limits = { counts: config.recidive ? 'bans' : 'failures', maxretry, findtime, bantime } as const;
    return { name, ...limits, ...told, invalid, unresolved, skewed };
  });
}

export const bansOf = ({ replay: { bans } }: Results, onlySuspects: boolean): readonly ReplayedBan[] =>
  onlySuspects ? bans.all.filter(isSuspect) : bans.all;
