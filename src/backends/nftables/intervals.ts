import { type Family, Prefix } from '../../model/prefix.js';
import { outermost } from '../../model/prefix-index.js';
import type { Encoder } from '../../netlink/encoder.js';
import { DATA, ELEM, ELEM_INTERVAL_END, LIST_ELEM } from './protocol.js';
import { keyLength } from './sets.js';

type Bound = (encoder: Encoder) => void;

/** Prefixes a message: two bounds of at most 40 bytes each, far from what 16 bits of length can say. */
const AT_ONCE = 500;

/**
 * The bounds of an interval set's elements, in parts that fit a message: where each prefix starts, and the address behind
 * its end. A prefix inside another is left out, since the kernel refuses overlaps (EEXIST).
 */
export function intervals(prefixes: readonly Prefix[], family: Family): Bound[][] {
  const outer = outermost(prefixes).filter((prefix) => prefix.family === family);
  const parts: Bound[][] = [];
  for (let i = 0; i < outer.length; i += AT_ONCE) parts.push(outer.slice(i, i + AT_ONCE).flatMap(bounds));
  return parts;
}

function bounds(prefix: Prefix): Bound[] {
  const behind = following(prefix);
  const start = bound(prefix, 0);
  return behind ? [start, bound(behind, ELEM_INTERVAL_END)] : [start];
}

const bound =
  (address: Prefix, flags: number): Bound =>
  (encoder) => {
    encoder.nested(LIST_ELEM, () => {
      if (flags !== 0) encoder.u32(ELEM.FLAGS, flags);
      encoder.nested(ELEM.KEY, () => encoder.fill(DATA.VALUE, keyLength(address.family), address));
    });
  };

/** The first address behind a prefix; undefined behind the last address there is. */
function following(prefix: Prefix): Prefix | undefined {
  const bytes = Buffer.alloc(keyLength(prefix.family));
  prefix.write(bytes, 0);
  for (let bit = prefix.length - 1; bit >= 0; bit--) {
    const mask = 0x80 >> (bit & 7);
    const index = bit >> 3;
    const octet = bytes[index] as number;
    bytes[index] = octet ^ mask;
    if ((octet & mask) === 0) return Prefix.fromBytes(bytes);
  }
  return undefined;
}
