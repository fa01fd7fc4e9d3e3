/**
 * What `<ADDR>` and `<HOST>` stand for. An address is taken whole or not at all: where fail2ban would find
 * 92.0.2.1 in 192.0.2.1 after a greedy `.*`, these do not match, so that nobody else is blamed. Whether it is an
 * address that exists (999.1.1.1 is none) is for Prefix to say.
 */
const HEX = '[0-9A-Fa-f]';

const FOUR = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)`;

/** Not from the middle of an address: the piece before would be `2001:` or `::`. */
const SIX_BEGINS = `(?=${HEX}|::)(?<![0-9A-Za-z]|::|(?<![0-9A-Za-z])${HEX}{1,4}:)`;

/** Each piece ends at a colon, so there is one way only to match; the last one may be an IPv4 address, or `::` ends it. */
const SIX = `(?:${HEX}{0,4}:){2,8}(?:${FOUR}|${HEX}{1,4}|(?<=::)(?<!:::))(?!${HEX}|:${HEX})(?:%[0-9A-Za-z_.\\-]+)?`;

const ADDRESS = String.raw`\[?(?:(?<!\d\.?)(?<ip4>${FOUR})|${SIX_BEGINS}(?<ip6>${SIX}))\]?`;

const NAME = String.raw`(?<dns>[\p{L}\p{N}_.\-]*[\p{L}\p{N}_])`;

/** JavaScript source, for the flag `v`, by tag. The groups are `ip4`, `ip6` and `dns`. */
export const HOST_TAGS: ReadonlyMap<string, string> = new Map([
  ['ADDR', `(?:${ADDRESS})`],
  ['HOST', `(?:${ADDRESS}|${NAME})`],
]);
