import { Prefix } from '../model/prefix.js';
import type { Ban } from '../model/street.js';
import type { Row } from './statements.js';

export const banOf = ({ address, jail, reason, since, until, lines }: Row): Ban => ({
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
  throw Object.assign(new Error(`${JSON.stringify(address)} is no address`), { code: 'SQLITE_CORRUPT' });
}

function linesOf(json: string): readonly string[] {
  try {
    return JSON.parse(json) as string[];
  } catch {
    return [];
  }
}
