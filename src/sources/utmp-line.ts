import { LOGIN_PROCESS, USER_PROCESS, type UtmpRecord } from './utmp-record.js';

/** btmp has failed logins, wtmp has successful ones. */
export type LoginLog = 'btmp' | 'wtmp';

/**
 * The line of a record, in a form that stays as it is: filters are written for it (src/filters/stock/btmp.conf).
 *
 *     btmp[4711]: login failed for "root" on "ssh:notty" from 198.51.100.7
 *     wtmp[4711]: logged in "ann" on "pts/0" from 2001:db8::7
 *
 * Between the quotes, which are never missing, stand printable ASCII characters but quotes and backslashes; all others are bytes as
 * `\xff`. What stands behind `from` is an address as this program prints it, or `-` for a login at the machine itself. So
 * nothing that a user name holds can be taken for an address.
 *
 * @returns undefined for records that are no logins: boots, logouts, gettys.
 */
export function lineOf({ type, pid, user, line, address }: UtmpRecord, log: LoginLog): string | undefined {
  // What waits for a password in wtmp is getty; in btmp sshd and login(1) write so.
  if (type !== USER_PROCESS && (type !== LOGIN_PROCESS || log === 'wtmp')) return undefined;
  const what = log === 'btmp' ? 'login failed for' : 'logged in';
  return `${log}[${pid}]: ${what} "${escaped(user)}" on "${escaped(line)}" from ${address?.text ?? '-'}`;
}

const escaped = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[^ !#-[\]-~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
