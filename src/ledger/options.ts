import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import type { Share } from './share.js';

export interface LedgerOptions {
  readonly clock?: Clock;
  /** Why a prefix must never be banned, or undefined: the second check, behind that at the verdict. */
  readonly refusal?: (prefix: Prefix) => string | undefined;
  /** Whose bans the backend holds that changes are for; everybody's where absent. */
  readonly share?: Share;
  /** Milliseconds that bans which are over are remembered for; 180 days where absent. */
  readonly history?: number;
  /** Prefixes and jails that are remembered, the newest; 1,000,000 where absent. */
  readonly mostHistory?: number;
}
