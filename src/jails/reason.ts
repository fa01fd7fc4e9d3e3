import { formatDuration } from '../model/duration.js';
import { printable } from '../model/printable.js';

/** Characters of a reason: it stands in one line of `dropset status`, of the journal, of the ledger. */
const LONGEST = 200;

/**
 * Why a ban came, in one line: `5 failures in 42s, the last: sshd[9]: Failed password for ...`. Control, format and
 * unassigned characters of the log line are escaped: an attacker wrote it, and a terminal or a log will show it.
 *
 * @param span milliseconds between the first and the last failure.
 */
export function reasonOf(failures: number, span: number, text: string, what: 'failure' | 'ban' = 'failure'): string {
  const count =
    failures === 1 ? `1 ${what}` : `${failures} ${what}s ${span > 0 ? `in ${formatDuration(span)}` : 'at once'}`;
  const characters = Array.from(`${count}, the last: ${printable(text.slice(0, LONGEST).trim())}`);
  if (characters.length <= LONGEST) return characters.join('');
  return `${characters.slice(0, LONGEST - 3).join('')}...`;
}
