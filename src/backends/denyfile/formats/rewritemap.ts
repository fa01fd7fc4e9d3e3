import type { Prefix } from '../../../model/prefix.js';
import { type Format, HEAD } from './format.js';

/** Key and value of a line, as Apache's mod_rewrite reads them. */
const line = (key: string): string => `${key} deny\n`;

/**
 * A text for Apache's `RewriteMap NAME "txt:FILE"`, which Apache reads again by itself whenever it is another: no reload. Its keys are
 * looked up as they are, so a prefix has the beginning of its addresses as a key, up to an octet or a group: `192.0.2.` is 192.0.2.0/24,
 * `2001:db8:0:` is 2001:db8::/48. Prefixes between are written as several.
 *
 * Groups of zeros stand in keys. Apache leaves them out of addresses (inet_ntop), and the conditions in docs/backends.md put them back.
 */
export const rewritemap: Format = {
  head: HEAD,
  line: (prefix) => (prefix.isAddress ? line(prefix.text) : [...beginnings(prefix)].map(line).join('')),
  refusal: (prefix) => {
    const { family, length, isAddress } = prefix;
    if (isAddress) return undefined;
    if (family === 4) return length >= 8 ? undefined : 'it is wider than a /8';
    // What Apache leaves out of their beginning is not put back: nobody has such addresses.
    if (prefix.word(0) >>> 16 === 0) return 'of IPv6 it can have no prefix that begins with zeros';
    // To the next group: 256 lines at most.
    if (length >= 16 && length <= 64 && ((64 - length) & 15) <= 8) return undefined;
    return 'of IPv6 it can have addresses, and prefixes of /16, /24 to /32, /40 to /48 and /56 to /64';
  },
};

function* beginnings(prefix: Prefix): Generator<string> {
  for (const whole of wholes(prefix)) {
    if (whole.isAddress) yield whole.text;
    else yield whole.family === 4 ? octets(whole) : `${groupsOf(whole).join(':')}:`;
  }
}

/** The prefixes of whole octets, or groups, that it consists of: 128 at most of IPv4, 256 of IPv6. */
function* wholes(prefix: Prefix): Generator<Prefix> {
  if (prefix.length % (prefix.family === 4 ? 8 : 16) === 0) yield prefix;
  else for (const half of prefix.halves()) yield* wholes(half);
}

const octets = ({ text, length }: Prefix): string => `${text.split('.', length / 8).join('.')}.`;

/** The groups before its end, without leading zeros (RFC 5952, 4.1). */
function groupsOf(prefix: Prefix): string[] {
  return Array.from({ length: prefix.length / 16 }, (_, index) => {
    const word = prefix.word(index >> 1);
    return ((index % 2 === 0 ? word >>> 16 : word) & 0xffff).toString(16);
  });
}
