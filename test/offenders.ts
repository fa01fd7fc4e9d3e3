import type { OffenderReport, ReportedOffender } from '../src/control/api.js';

export const OFFENDER: ReportedOffender = {
  address: '192.0.2.7',
  offenders: 1,
  bans: 12,
  jails: ['nginx', 'sshd'],
  first: '2026-03-01T10:00:00.000Z',
  last: '2026-03-18T13:30:00.000Z',
  banned: 1,
};

export const NETWORK: ReportedOffender = {
  ...OFFENDER,
  address: '2001:db8::/48',
  offenders: 40,
  bans: 1200,
  banned: 3,
};

export const REPORT: OffenderReport = {
  time: '2026-03-18T13:31:07.123Z',
  since: '2026-02-16T13:31:07.123Z',
  sums: { offenders: 41, banned: 4, bans: 1212, dated: 80, excluded: 1 },
  timeline: {
    seconds: 86_400,
    buckets: Array.from({ length: 31 }, (_, index) => ({
      from: new Date(Date.parse('2026-02-16') + index * 86_400_000).toISOString(),
      bans: index === 12 ? 30 : index % 4,
    })),
  },
  jails: [{ jail: 'sshd', offenders: 41, bans: 1212 }],
  offenders: [NETWORK, OFFENDER],
};

export interface Markup {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements and texts, entities resolved. */
  readonly children: (Markup | string)[];
}

const TAG = /^<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<]*")?)*)\s*(\/?)>/;
const ENTITY: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function resolved(text: string): string {
  return text.replace(/&([^;]*);?/g, (all, name) => {
    const character = ENTITY[name as string];
    if (character === undefined || !all.endsWith(';')) throw new Error(`no entity: ${all.slice(0, 20)}`);
    return character;
  });
}

/** Reads markup as strictly as XML: @throws for what is not well-formed. */
export function parseMarkup(text: string): Markup {
  const root: Markup = { name: '', attributes: {}, children: [] };
  const open: Markup[] = [root];
  for (let rest = text.replace(/^<!DOCTYPE html>\n/, ''); rest !== ''; ) {
    const tag = TAG.exec(rest);
    const length = tag ? tag[0].length : lengthOfText(rest);
    if (tag) turn(open, tag);
    else open.at(-1)?.children.push(resolved(rest.slice(0, length)));
    rest = rest.slice(length);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root;
}

function lengthOfText(rest: string): number {
  if (rest.startsWith('<')) throw new Error(`no tag: ${rest.slice(0, 60)}`);
  const end = rest.indexOf('<');
  return end < 0 ? rest.length : end;
}

/** A tag opens an element, or closes the last that is open. */
function turn(open: Markup[], [, closing, name = '', words = '', alone]: RegExpExecArray): void {
  const inside = open.at(-1) as Markup;
  if (closing !== '') {
    if (inside.name !== name) throw new Error(`</${name}> closes <${inside.name}>`);
    open.pop();
    return;
  }
  const element: Markup = { name, attributes: attributesOf(words), children: [] };
  inside.children.push(element);
  if (alone === '') open.push(element);
}

function attributesOf(words: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, key = '', value] of words.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g)) {
    if (value === undefined || key in attributes) throw new Error(`attributes: ${words}`);
    attributes[key] = resolved(value);
  }
  return attributes;
}

/** All elements of a name, in order. */
export const elements = (markup: Markup, name: string): Markup[] =>
  markup.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...elements(child, name)],
  );

/** What stands in it, without markup. */
export const textIn = (markup: Markup): string =>
  markup.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
