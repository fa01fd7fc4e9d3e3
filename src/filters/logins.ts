import type { Expression, FilterDefinition } from '../model/definition.js';

/**
 * What daemons say when somebody has logged in, without the date. As in the stock filters, what its writer cannot choose stands on
 * both sides of the address: a user's name must not be able to forge a login.
 */
const STOCK: readonly string[] = [
  String.raw`^\s*(?:\S*[^\s:] )?sshd(?:-session|-auth)?(?:\[\d+\])?: Accepted [\w/-]+ for \S+ from <ADDR> port \d+(?: ssh\d?)?(?:: .*)?$`,
  String.raw`^\s*(?:\S*[^\s:] )?(?:dovecot(?:\[\d+\])?: )?(?:imap|pop3|submission|managesieve)-login: (?:Info: )?Login: user=<[^<>\s]+>, method=[\w-]+, rip=<ADDR>,`,
  String.raw`^\s*(?:\S*[^\s:] )?postfix(?:/\w+)*/smtpd(?:\[\d+\])?: [0-9A-Za-z]+: client=[\w.-]+\[<ADDR>\](?::\d+)?, sasl_method=\w+, sasl_username=`,
  String.raw`^(?: \[pid \d+\])? \[[^\]\s]+\] OK LOGIN: Client "<ADDR>"`,
  String.raw`^\s*(?:\S*[^\s:] )?proftpd(?:\[\d+\])?:? \S+ \(\S+\[<ADDR>\]\):? (?:- )?USER \S+: Login successful`,
  String.raw`^\s*(?:\S*[^\s:] )?pure-ftpd(?:\[\d+\])?: \(\?@<ADDR>\) \[INFO\] \S+ is now logged in$`,
];

/**
 * A filter whose findings are logins in place of failures.
 *
 * @param reader of a jail that reads the same log: dates are as it says.
 * @param own expressions in place of dropset's own, and where they are from.
 */
export function loginFilter(
  { datepattern }: FilterDefinition,
  own?: { readonly texts: readonly string[]; readonly origin: string },
): FilterDefinition {
  const { texts, origin } = own ?? { texts: STOCK, origin: 'logins' };
  return {
    ...{ name: 'logins', origin, ignoreregex: [], maxlines: 1, journalmatch: [] },
    failregex: texts.map((text): Expression => ({ text, origin })),
    ...(datepattern !== undefined && { datepattern }),
  };
}
