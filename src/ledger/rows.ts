import { Prefix } from '../model/prefix.js';
import type { Ban } from '../model/street.js';
import type { Past } from './history.js';

/** A ban as it is stored. */
export interface Row {
  readonly id: number;
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number | null;
  /** When the first of the bans began that it stands for; null for its own. */
  readonly first: number | null;
  /** How many bans of this jail it stands for. */
  readonly times: number;
}

/** @param lines as JSON. */
export const banOf = ({ address, jail, reason, since, until }: Row, lines?: string | null): Ban => ({
  prefix: stored(address),
  jail,
  reason,
  since,
  until,
  ...(lines && { lines: linesOf(lines) }),
});

/** What a row says of all the bans that it stands for. */
export const asPast = ({ address, jail, times: bans, first, since: last }: Row): Past => ({
  address,
  jail,
  bans,
  first: first ?? last,
  last,
});

/** The prefix of a stored address. Only damage makes something else of what was written. @throws with SQLite's code for it. */
export function stored(address: string): Prefix {
  const prefix = Prefix.tryParse(address);
  if (prefix?.text === address) return prefix;
  throw damage(address);
}

export const damage = (address: string): Error =>
  Object.assign(new Error(`${JSON.stringify(address)} is no address`), { code: 'SQLITE_CORRUPT' });

function linesOf(json: string): readonly string[] {
  try {
    return JSON.parse(json) as string[];
  } catch {
    return [];
  }
}
