import type { Offender } from '../model/offender.js';
import type { Prefix } from '../model/prefix.js';

/** Names of jails that an entry keeps: imports can bring any number. */
export const MOST_JAILS = 16;

/** A line of the report: one offender, or those of a prefix together. */
export interface Entry {
  readonly prefix: Prefix;
  /** Offenders that it stands for: 1, or as many as were folded into the prefix. */
  readonly offenders: number;
  /** How often they were banned. */
  readonly bans: number;
  /** Who banned them, by name, at most `MOST_JAILS`: the first in the order of names. */
  readonly jails: readonly string[];
  /** When the first and the last ban of them began, milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  /** How many of them are banned. */
  readonly banned: number;
}

/** @param offender with at least one offence. */
export function entryOf({ prefix, offences, isBanned }: Offender): Entry {
  let [bans, first, last] = [0, Number.POSITIVE_INFINITY, 0];
  for (const one of offences) {
    bans += one.bans;
    first = Math.min(first, one.first);
    last = Math.max(last, one.last);
  }
  const jails = offences.length === 1 ? [offences[0]?.jail as string] : merged(offences.map(({ jail }) => jail));
  return { prefix, offenders: 1, bans, jails, first, last, banned: isBanned ? 1 : 0 };
}

/** Both as one, under a prefix that covers them. */
export const together = (prefix: Prefix, one: Entry, other: Entry): Entry => ({
  prefix,
  offenders: one.offenders + other.offenders,
  bans: one.bans + other.bans,
  jails: other.jails.every((jail) => one.jails.includes(jail)) ? one.jails : merged([...one.jails, ...other.jails]),
  first: Math.min(one.first, other.first),
  last: Math.max(one.last, other.last),
  banned: one.banned + other.banned,
});

const merged = (jails: readonly string[]): readonly string[] => [...new Set(jails)].sort().slice(0, MOST_JAILS);

/** The worse first: by bans, then by who came last, then by name, so that no two are alike. */
export function worse(one: Entry, other: Entry): number {
  if (one.bans !== other.bans) return other.bans - one.bans;
  if (one.last !== other.last) return other.last - one.last;
  return one.prefix.text < other.prefix.text ? -1 : one.prefix.text > other.prefix.text ? 1 : 0;
}
