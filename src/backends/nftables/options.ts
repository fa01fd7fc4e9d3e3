import type { Clock } from '../../model/clock.js';
import type { Dialect } from './elements.js';
import type { RulesetOptions } from './ruleset.js';

export interface NftablesOptions extends Omit<RulesetOptions, 'replies'> {
  /**
   * Whether replies to connections that this host opened itself pass though who sends them is banned, as far as connections are tracked;
   * `tcp`: all TCP segments that open no connection. Default false.
   */
  readonly spareReplies?: boolean | 'tcp';
  /** Whether to own the table where the kernel can (6.9); default true. */
  readonly own?: boolean;
  /** The socket that owned the table in an earlier run: taken over; with `own` false the table goes with it. */
  readonly inherited?: number | undefined;
  /** Default: what the running kernel speaks. Every kernel understands the dialects of its elders. */
  readonly dialect?: Dialect;
  /** Bytes to ask for; default 4 MiB. */
  readonly sendBuffer?: number;
  readonly clock?: Clock;
}
