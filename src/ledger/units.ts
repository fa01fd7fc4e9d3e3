import { type Family, type Prefix, WIDTH } from '../model/prefix.js';

/** The single element of a family: an IPv4 address, and of IPv6 the /64 that one customer has at least (RFC 6177). */
export const UNIT: Readonly<Record<Family, number>> = { 4: WIDTH[4], 6: 64 };

/** Bits between a unit and the widest prefix that units are folded into: 65,536 of them can be asked for one by one. */
const WIDEST = 16;

/** Units are looked for in areas of 256: a /24, a /56. */
const AREA = 8;

const SLASH = 47;
const DOT = 46;
const COLON = 58;

/** A family, and how long a prefix is. */
export interface Span {
  readonly family: Family;
  readonly length: number;
}

export const isUnit = ({ family, length }: Span): boolean => length === UNIT[family];

/** Whether units are folded into such a prefix: /16 to /31, /48 to /63. */
export const isWide = ({ family, length }: Span): boolean => length < UNIT[family] && length >= UNIT[family] - WIDEST;

/** @param from where the address begins in `text`, and `to` where it ends. */
export function spanOf(text: string, from = 0, to = text.length): Span {
  const family = isIPv4(text, from, to) ? 4 : 6;
  // At most three digits stand behind the slash.
  for (let at = to - 2, length = 0; at >= to - 4 && at > from; at--) {
    if (text.charCodeAt(at) !== SLASH) continue;
    for (let digit = at + 1; digit < to; digit++) length = length * 10 + text.charCodeAt(digit) - 48;
    return { family, length };
  }
  return { family, length: WIDTH[family] };
}

/** A dot comes behind three digits at most, a colon behind four or at once. */
function isIPv4(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT || code === COLON) return code === DOT;
  }
  return false;
}

/** A number for the area that a unit lies in; of IPv6 different areas may have the same. */
export function areaOf(family: Family, text: string, from = 0, to = text.length): number {
  return family === 4 ? octets(text, from, to) : mixed(...groups(text, from, to));
}

/** As `areaOf`, of all areas that a wide prefix has, or lies in. */
export function* areasIn(prefix: Prefix): Generator<{ readonly area: number; readonly index: number }> {
  const { family, length } = prefix;
  const count = 2 ** Math.max(0, UNIT[family] - AREA - length);
  for (let index = 0; index < count; index++) {
    if (family === 4) yield { area: (prefix.word(0) >>> AREA) + index, index };
    else yield { area: mixed(prefix.word(0), (prefix.word(1) >>> AREA) + index), index };
  }
}

/** The texts of all units of a wide prefix that lie in its area of that index. */
export function* unitsIn(prefix: Prefix, index: number): Generator<string> {
  const { family, length } = prefix;
  const size = 2 ** Math.min(AREA, UNIT[family] - length);
  const first = (prefix.word(family === 4 ? 0 : 1) >>> 0) + index * size;
  for (let unit = first; unit < first + size; unit++) {
    yield family === 4 ? dotted(unit) : network(prefix.word(0) >>> 0, unit);
  }
}

/** The text of the wide prefix of that length around a unit. */
export function textAround(unit: Prefix, length: number): string {
  if (unit.family === 4) return `${dotted((unit.word(0) & (-1 << (32 - length))) >>> 0)}/${length}`;
  return network(unit.word(0) >>> 0, (unit.word(1) & (-1 << (64 - length))) >>> 0, length);
}

const dotted = (word: number): string => `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;

/** Zeros at the end are the longest run: four groups at least (RFC 5952, 4.2.3). */
function network(high: number, low: number, length = UNIT[6]): string {
  const all = [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff];
  while (all.at(-1) === 0) all.pop();
  return `${all.map((group) => group.toString(16)).join(':')}::/${length}`;
}

/** The first three octets. */
function octets(text: string, from: number, to: number): number {
  let [area, octet] = [0, 0];
  for (let at = from, seen = 0; seen < 3 && at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== DOT) octet = octet * 10 + code - 48;
    else [area, octet, seen] = [area * 256 + octet, 0, seen + 1];
  }
  return area;
}

/** The first 32 bits of a /64, and those up to the /56: all groups stand before the first empty one. */
function groups(text: string, from: number, to: number): [number, number] {
  const found = [0, 0, 0, 0];
  for (let at = from, group = 0, isEmpty = true; group < 4 && at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) {
      if (isEmpty) break;
      [group, isEmpty] = [group + 1, true];
      continue;
    }
    found[group] = (found[group] as number) * 16 + (code >= 97 ? code - 87 : code - 48);
    isEmpty = false;
  }
  const [a, b, c, d] = found as [number, number, number, number];
  return [(a << 16) | b, (c << 8) | (d >>> 8)];
}

const mixed = (high: number, low: number): number => Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b) >>> 0;
