import type { JailConfig } from '../config/types.js';
import type { Expression } from '../model/definition.js';

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
 * A jail that nobody is banned by: its failures are logins.
 *
 * @param reader a jail that reads the same log: dates and text are as it says. @param own one expression in place of dropset's own.
 */
export function loginJail(reader: JailConfig, own: string | undefined): JailConfig {
  const expression = (text: string): Expression => ({ text, origin: own === undefined ? 'logins' : '--success' });
  const { datepattern } = reader.filter;
  return {
    ...reader,
    name: 'logins',
    filter: {
      name: 'logins',
      origin: own === undefined ? 'logins' : '--success',
      failregex: (own === undefined ? STOCK : [own]).map(expression),
      ignoreregex: [],
      maxlines: 1,
      journalmatch: [],
      ...(datepattern !== undefined && { datepattern }),
    },
    usedns: 'no',
  };
}
