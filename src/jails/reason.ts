import { formatDuration } from '../model/duration.js';
import { printable } from '../model/printable.js';

/** Characters of a reason: it stands in one line of `dropset status`, of the journal, of the ledger. */
const LONGEST = 200;

/** Of a user's name, which attackers choose. */
const LONGEST_USER = 32;

/**
 * Why a ban came, in one line: `5 failures in 42s, the last: sshd[9]: Failed password for ...`. Control, format and
 * unassigned characters of the log line are escaped: an attacker wrote it, and a terminal or a log will show it.
 *
 * @param span milliseconds between the first and the last failure.
 */
export function reasonOf(failures: number, span: number, text: string, what: 'failure' | 'ban' = 'failure'): string {
  return shortened(`${countOf(failures, span, what)}, the last: ${lastOf(text)}`);
}

/**
 * As `reasonOf`, of who failed less than maxretry times: `siege: 1 failure, the last: ...`.
 *
 * @param user whose siege it is, '' for the whole jail's.
 */
export function siegeReasonOf(times: readonly number[], text: string, user: string): string {
  const siege = user === '' ? 'siege' : `siege of user ${printable(user.slice(0, LONGEST_USER))}`;
  return shortened(`${siege}: ${countOf(times.length, spanOf(times), 'failure')}, the last: ${lastOf(text)}`);
}

/** Milliseconds between the first and the last of some times. */
export const spanOf = (times: readonly number[]): number => (times.at(-1) as number) - (times[0] as number);

const countOf = (failures: number, span: number, what: 'failure' | 'ban'): string =>
  failures === 1 ? `1 ${what}` : `${failures} ${what}s ${span > 0 ? `in ${formatDuration(span)}` : 'at once'}`;

const lastOf = (text: string): string => printable(text.slice(0, LONGEST).trim());

function shortened(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= LONGEST) return characters.join('');
  return `${characters.slice(0, LONGEST - 3).join('')}...`;
}
