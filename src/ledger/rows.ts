import { Prefix } from '../model/prefix.js';
import { Scope } from '../model/scope.js';
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
  /** Null: all packets are dropped. */
  readonly scope: string | null;
}

/** @param lines as JSON. */
export const banOf = ({ address, jail, reason, since, until, scope }: Row, lines?: string | null): Ban => ({
  prefix: stored(address),
  jail,
  reason,
  since,
  until,
  ...(scope !== null && { scope: storedScope(scope) }),
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

/** The scope of a stored text, null being none. @throws as `stored` */
export function storedScope(text: string | null): Scope | undefined {
  if (text === null) return undefined;
  try {
    const scope = Scope.parse(text);
    if (scope?.text === text) return scope;
  } catch {
    // Told below.
  }
  throw damage(text, 'scope');
}

export const damage = (text: string, what = 'address'): Error =>
  Object.assign(new Error(`${JSON.stringify(text)} is no ${what}`), { code: 'SQLITE_CORRUPT' });

function linesOf(json: string): readonly string[] {
  try {
    return JSON.parse(json) as string[];
  } catch {
    return [];
  }
}
