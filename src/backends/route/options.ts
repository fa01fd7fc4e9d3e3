import type { Clock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';

export interface RouteOptions {
  /** Number of the routing table that is dropset's alone; from 1 to 2^32 - 1, not that of main, local or default. */
  readonly table: number;
  /** Elements that it holds at most. */
  readonly size?: number;
  /** Passes whatever stands. */
  readonly allow: readonly Prefix[];
  readonly clock?: Clock;
}

/**
 * rtm_protocol and FRA_PROTOCOL: who made a route or a rule. Numbers up to 4 are the kernel's and those of `ip`; of the others rt_protos of
 * iproute2 has no 213. `ip route show table 213 proto 213` prints ours.
 */
export const PROTOCOL = 213;

/**
 * The rule's priority: behind `local` (0), so that the host's own addresses are never cut off, and before what VPNs and VRFs add, whose
 * tables would have replies pass by a ban.
 */
export const PRIORITY = 213;
