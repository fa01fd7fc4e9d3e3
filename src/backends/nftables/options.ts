import type { Clock } from '../../model/clock.js';
import type { Dialect } from './elements.js';
import type { RulesetOptions } from './ruleset.js';

export interface NftablesOptions extends RulesetOptions {
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
