import type { Hit } from '../filters/filter.js';
import { standsWhole } from '../filters/identity.js';
import type { Prefix } from '../model/prefix.js';

/**
 * Whom a hit blames: an address that stands in the line as a whole. Undefined for what is no address, as 999.1.1.1, and for a piece of
 * one: somebody else would be meant.
 */
export function blamed({ identity, finding }: Hit): Prefix | undefined {
  const { ip4, ip6, fid, dns, mlfid, fport } = finding.groups;
  const address = ip4 ?? ip6 ?? (fid ?? dns)?.replace(/^\[|\]$/g, '');
  // A session's address stands in an earlier line of it, and that of a match of several lines in any of them.
  const isWhole =
    address === undefined || mlfid !== undefined || finding.matches.some((line) => standsWhole(address, line, fport));
  return isWhole ? identity?.prefix : undefined;
}
