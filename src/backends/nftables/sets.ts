import { type Family, type Prefix, WIDTH } from '../../model/prefix.js';
import type { Expression } from './expressions.js';
import { equals, loadNetworkHeader, loadProtocol, mask } from './expressions.js';
import type { KeyType } from './objects.js';
import { NFPROTO_IPV4, NFPROTO_IPV6 } from './protocol.js';

/**
 * A set of banned prefixes of one family and length. Single addresses are in `ban4` and `ban6`; a length that somebody
 * bans gets a hash set of its own (`ban4_24`), looked up with the source address masked: one more prefix then costs
 * what one more address costs, where an interval set would walk its tree at every commit.
 *
 * Elements that have a scope are in maps of the same kind, `scoped4` or `scoped4_24`, to the number of their scope (scope-chains.ts).
 * Not to a verdict: for each element of a verdict map that comes, the kernel looks at all of them again (nft_lookup_validate), which took
 * 65 ms with 100,000.
 */
export interface BanSet {
  readonly name: string;
  readonly family: Family;
  readonly length: number;
  readonly isScoped: boolean;
}

const NAME = /^(ban|scoped)([46])(?:_(\d{1,3}))?$/;

export function setFor(family: Family, length: number, isScoped = false): BanSet {
  const name = `${isScoped ? 'scoped' : 'ban'}${family}`;
  return { name: length === WIDTH[family] ? name : `${name}_${length}`, family, length, isScoped };
}

export const setOf = (prefix: Prefix, isScoped = false): BanSet => setFor(prefix.family, prefix.length, isScoped);

/** The set behind a name in our table, or undefined if it is no ban set. */
export function setNamed(name: string): BanSet | undefined {
  const found = NAME.exec(name);
  if (!found) return undefined;
  const family = Number(found[2]) as Family;
  return setFor(family, found[3] === undefined ? WIDTH[family] : Number(found[3]), found[1] === 'scoped');
}

/** The sets that every table has. */
export const ADDRESS_SETS: readonly BanSet[] = [setFor(4, 32), setFor(6, 128)];

export const allowSet = (family: Family): string => `allow${family}`;
/** The chain that a banned packet goes on in. */
export const bannedChain = (family: Family): string => `banned${family}`;
export const dropCounter = (family: Family): string => `dropped${family}`;
/** What was observed passed. */
export const observeCounter = (family: Family): string => `observed${family}`;

/** Bytes of a key, where it is an address. */
export const keyLength = (family: Family): number => WIDTH[family] / 8;

/** nft's own datatype numbers, so that `nft list` prints addresses: ipv4_addr and ipv6_addr. */
export const addressKey = (family: Family): KeyType => ({ type: family === 4 ? 7 : 8, length: keyLength(family) });

/** Offset of the source address: RFC 791, 3.1; RFC 8200, 3. */
const SOURCE = { 4: 12, 6: 8 } as const;
/** enum nf_inet_proto */
export const PROTOCOL = { 4: NFPROTO_IPV4, 6: NFPROTO_IPV6 } as const;

/** `meta nfproto ipv4 ip saddr`, into register 1; the rule ends here for the other family. */
export const source = (family: Family): readonly Expression[] => [
  loadProtocol,
  equals(Uint8Array.of(PROTOCOL[family])),
  loadNetworkHeader(SOURCE[family], keyLength(family)),
];

/** `& mask`, in register 1; nothing for a set of single addresses. */
export const cut = ({ family, length }: BanSet): readonly Expression[] =>
  length === WIDTH[family] ? [] : [mask(maskOf(family, length))];

function maskOf(family: Family, length: number): Uint8Array {
  return Uint8Array.from({ length: keyLength(family) }, (_, index) => {
    const bits = Math.min(8, Math.max(0, length - index * 8));
    return (0xff00 >> bits) & 0xff;
  });
}
