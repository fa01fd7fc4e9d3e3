/**
 * fail2ban's tags inside regular expressions, and what they stand for: facts of its language (server/failregex.py), which
 * decide whom a line blames, so that they are these and no better ones. Whether an address was taken whole is looked
 * at later, where somebody is blamed: see identity.ts.
 */
const IP4 = String.raw`(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})`;
const IP6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))';
const DNS = String.raw`(?P<dns>[\w\-.^_]*\w)`;
const CIDR = String.raw`(?P<cidr>\d+)`;
const ADDR = String.raw`\[?(?:${IP4}|${IP6})\]?`;

const FIXED: ReadonlyMap<string, string> = new Map([
  ['IP4', IP4],
  ['F-IP4/', IP4],
  ['IP6', IP6],
  ['F-IP6/', IP6],
  ['ADDR', ADDR],
  ['F-ADDR/', ADDR],
  ['DNS', DNS],
  ['F-DNS/', DNS],
  ['CIDR', CIDR],
  ['F-CIDR/', CIDR],
  ['SUBNET', String.raw`\[?(?:${IP4}|${IP6})(?:/${CIDR})?\]?`],
  ['F-SUBNET/', String.raw`\[?(?:${IP4}|${IP6})(?:/${CIDR})?\]?`],
  ['F-ID/', String.raw`(?P<fid>\S+)`],
  ['F-PORT/', String.raw`(?P<fport>\w+)`],
]);

/** Groups whose name differs from the tag's. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['id', 'fid'],
  ['port', 'fport'],
]);

export const groupOf = (tag: string): string => RENAMED.get(tag.toLowerCase()) ?? tag.toLowerCase();

/**
 * Replaces the tags of a regular expression: `<HOST>`, `<ADDR>`, `<F-USER>..</F-USER>`, `<SKIPLINES>`. What is no tag
 * stays, as does a closing tag that nothing opened.
 *
 * @param resolvesNames whether `<HOST>` may be a host name: it may unless usedns is `no`.
 */
export function expandTags(python: string, resolvesNames: boolean): string {
  const open = new Set<string>();
  let skips = 0;
  const expanded = python.replace(/<\/?[\p{L}\p{N}_-]+\/?>/gu, (tag) => {
    const name = tag.slice(1, -1);
    if (name === 'HOST') return resolvesNames ? `(?:${ADDR}|${DNS})` : ADDR;
    if (name === 'SKIPLINES') return String.raw`\n(?P<skiplines${skips++}>(?:(?:.*\n)*?))`;
    return FIXED.get(name) ?? freeTag(tag, name, open);
  });
  return scoped(expanded);
}

function freeTag(tag: string, name: string, open: Set<string>): string {
  const [, closing, group = ''] = /^(\/?)F-([A-Z0-9_-]+)$/.exec(name) ?? [];
  if (closing === undefined) return tag;
  if (closing) return open.has(group) ? ')' : tag;
  open.add(group);
  return `(?P<${groupOf(group)}>`;
}

/** `((?i)x` and `(?:(?i)x` say the same as `(?i:x`, which is all that Python allows by now. */
const scoped = (python: string): string => python.replace(/(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g, '$1:');
