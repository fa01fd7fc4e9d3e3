/** A regular expression as an operator wrote it, in Python's dialect and with fail2ban's tags, and where. */
export interface Expression {
  readonly text: string;
  /** The path of the file, or what stands for one: `jail sshd`. */
  readonly origin: string;
  /** From 1; absent where it was put together from several places. */
  readonly line?: number;
}

/** What a filter is made of, with everything substituted but the tags that belong to the regular expressions themselves. */
export interface FilterDefinition {
  /** As it was asked for: `sshd`, or `sshd[mode=aggressive]`. */
  readonly name: string;
  /** The path of the filter's own file, or `jail NAME`. */
  readonly origin: string;
  readonly prefregex?: Expression;
  readonly failregex: readonly Expression[];
  readonly ignoreregex: readonly Expression[];
  /** One date pattern a line, as fail2ban has them: `{^LN-BEG}`, `%Y-%m-%d`, `EPOCH`; absent for the default detectors. */
  readonly datepattern?: string;
  /** Lines that one expression may span; 1 where the filter does not say. */
  readonly maxlines: number;
  /** What of the journal the filter wants, one set of matches a line: `_SYSTEMD_UNIT=ssh.service + _COMM=sshd`. */
  readonly journalmatch: readonly string[];
  /** Whether host names are looked up: `yes`, `warn`, `no` or `raw`; absent where the filter does not say. */
  readonly usedns?: string;
}
