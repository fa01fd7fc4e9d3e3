import type { ListedBan } from '../../control/api.js';
import { Prefix } from '../../model/prefix.js';

/** Elements of one `add element`. */
const TOGETHER = 500;

const HEAD = `# Bans of dropset, for nft -f. They go into a table of their own, which is made anew each time.
# dropset's never-addresses are not in it.
add table inet dropset_export
delete table inet dropset_export
add table inet dropset_export
add chain inet dropset_export prerouting { type filter hook prerouting priority raw; }
`;

/** 100 years, in seconds: no ban is longer. */
const LONGEST = 100 * 365 * 86_400;

/** nft refuses a number of seconds whose milliseconds have more than 32 bits, and takes days beside them. */
const timeText = (seconds: number): string => `${Math.floor(seconds / 86_400)}d${seconds % 86_400}s`;

/**
 * A script for nft(8): a set for each family and prefix length, as the nftables backend has them, with the time that is left.
 *
 * @param bans of which those of one address follow each other: the longest counts.
 */
export async function* writeNft(bans: AsyncIterable<ListedBan>, now: () => number): AsyncGenerator<string> {
  yield HEAD;
  const sets = new Map<string, string[]>();
  for await (const { address, until } of longest(bans)) {
    const prefix = Prefix.parse(address);
    const name = setOf(prefix);
    const elements = sets.get(name) ?? [];
    if (elements.length === 0 && !sets.has(name)) yield declaration(name, prefix);
    sets.set(name, elements);
    elements.push(element(prefix, until, now()));
    if (elements.length >= TOGETHER) yield addition(name, elements.splice(0));
  }
  for (const [name, elements] of sets) if (elements.length > 0) yield addition(name, elements);
}

const setOf = ({ family, length, isAddress }: Prefix): string => `ban${family}${isAddress ? '' : `_${length}`}`;

function declaration(name: string, { family, length, isAddress }: Prefix): string {
  const type = family === 4 ? 'ip' : 'ip6';
  const masked = isAddress
    ? ''
    : ` and ${Prefix.parse(`${family === 4 ? '255.255.255.255' : ONES}/${length}`).text.split('/')[0]}`;
  return `add set inet dropset_export ${name} { type ipv${family}_addr; flags timeout; }
add rule inet dropset_export prerouting ${type} saddr${masked} @${name} drop
`;
}

const ONES = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

function element({ text }: Prefix, until: string | null, now: number): string {
  const address = text.split('/')[0] as string;
  if (until === null) return address;
  const seconds = Math.ceil((Date.parse(until) - now) / 1000);
  return `${address} timeout ${timeText(Math.min(LONGEST, Math.max(1, seconds)))}`;
}

const addition = (name: string, elements: readonly string[]): string =>
  `add element inet dropset_export ${name} { ${elements.join(', ')} }\n`;

/** One ban of each address: the one that ends last. */
async function* longest(bans: AsyncIterable<ListedBan>): AsyncGenerator<ListedBan> {
  let last: ListedBan | undefined;
  for await (const ban of bans) {
    if (last && last.address !== ban.address) yield last;
    last = last?.address === ban.address && endsLater(last, ban) ? last : ban;
  }
  if (last) yield last;
}

const endsLater = (one: ListedBan, other: ListedBan): boolean =>
  one.until === null || (other.until !== null && one.until > other.until);
