import type { ListedBan } from '../../control/api.js';
import { Prefix } from '../../model/prefix.js';
import { isWhole, type Ports, Scope, textObserves } from '../../model/scope.js';

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
 * A script for nft(8): a set for each family, prefix length and scope, with the time that is left. Who is only observed is not in it.
 *
 * @param bans of which those of one address follow each other: of one scope the longest counts.
 */
export async function* writeNft(bans: AsyncIterable<ListedBan>, now: () => number): AsyncGenerator<string> {
  yield HEAD;
  const sets = new Map<string, { readonly name: string; readonly elements: string[] }>();
  for await (const { address, until, scope } of longest(bans)) {
    const prefix = Prefix.parse(address);
    const key = `${setOf(prefix)} ${scope}`;
    const known = sets.get(key) ?? { name: nameOf(prefix, scope, sets.size), elements: [] };
    if (!sets.has(key)) yield declaration(known.name, prefix, Scope.parse(scope));
    sets.set(key, known);
    known.elements.push(element(prefix, until, now()));
    if (known.elements.length >= TOGETHER) yield addition(known.name, known.elements.splice(0));
  }
  for (const { name, elements } of sets.values()) if (elements.length > 0) yield addition(name, elements);
}

const setOf = ({ family, length, isAddress }: Prefix): string => `ban${family}${isAddress ? '' : `_${length}`}`;

/** A scope's text is no name for nft; a number tells them apart. */
const nameOf = (prefix: Prefix, scope: string, number: number): string =>
  scope === 'all' ? setOf(prefix) : `${setOf(prefix)}_scope${number}`;

function declaration(name: string, { family, length, isAddress }: Prefix, scope: Scope | undefined): string {
  const type = family === 4 ? 'ip' : 'ip6';
  const masked = isAddress
    ? ''
    : ` and ${Prefix.parse(`${family === 4 ? '255.255.255.255' : ONES}/${length}`).text.split('/')[0]}`;
  const matches = scope ? scope.ports.map((ports) => `${matchOf(ports)} `) : [''];
  const rules = matches.map(
    (match) => `add rule inet dropset_export prerouting ${match}${type} saddr${masked} @${name} drop\n`,
  );
  return `add set inet dropset_export ${name} { type ipv${family}_addr; flags timeout; }\n${rules.join('')}`;
}

/** `tcp dport { 22, 1000-1010 }` */
const matchOf = (ports: Ports): string =>
  isWhole(ports)
    ? `meta l4proto ${ports.protocol}`
    : `${ports.protocol} dport { ${ports.ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(', ')} }`;

const ONES = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

function element({ text }: Prefix, until: string | null, now: number): string {
  const address = text.split('/')[0] as string;
  if (until === null) return address;
  const seconds = Math.ceil((Date.parse(until) - now) / 1000);
  return `${address} timeout ${timeText(Math.min(LONGEST, Math.max(1, seconds)))}`;
}

const addition = (name: string, elements: readonly string[]): string =>
  `add element inet dropset_export ${name} { ${elements.join(', ')} }\n`;

/** Of each address and scope the one that ends last, without what is only observed. */
async function* longest(bans: AsyncIterable<ListedBan>): AsyncGenerator<ListedBan> {
  let last = new Map<string, ListedBan>();
  let of = '';
  for await (const ban of bans) {
    if (ban.address !== of) {
      yield* last.values();
      [last, of] = [new Map(), ban.address];
    }
    const other = last.get(ban.scope);
    if (!textObserves(ban.scope) && !(other && endsLater(other, ban))) last.set(ban.scope, ban);
  }
  yield* last.values();
}

const endsLater = (one: ListedBan, other: ListedBan): boolean =>
  one.until === null || (other.until !== null && one.until > other.until);
