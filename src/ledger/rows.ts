import { Prefix } from '../model/prefix.js';
import type { Ban } from '../model/street.js';

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
