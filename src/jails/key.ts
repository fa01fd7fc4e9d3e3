/**
 * What stands for an address in tables of a million: of IPv4 a number, which needs no memory of its own and is found sooner; of everything else the
 * text, copied.
 */
export type Key = number | string;

const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Of `255.255.255.255`. */
const LONGEST = 15;

/**
 * V8 puts numbers into its tables by a hash that everybody can work out, so that an attacker could choose addresses that all fall into one place. It is
 * told another number in their stead: multiplied, modulo 2^32, by an odd one that nobody knows.
 */
const FACTOR = Math.floor(Math.random() * 2 ** 31) * 2 + 1;
const INVERSE = inverseOf(FACTOR);

/** @param text canonical, as `Prefix.text`. */
export function keyOf(text: string): Key {
  const word = wordOf(text);
  return word === undefined ? text : Math.imul(word, FACTOR);
}

/** The text that it was made of. */
export function textOf(key: Key): string {
  if (typeof key === 'string') return key;
  const word = Math.imul(key, INVERSE);
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** A key that can be kept: texts may be pieces of lines, which V8 would keep as a whole. They are ASCII. */
export const kept = <K extends Key>(key: K): K =>
  typeof key === 'string' ? (Buffer.from(key, 'latin1').toString('latin1') as K) : key;

/** 32 bits, signed; undefined for what is no single IPv4 address, or another way to write one. */
function wordOf(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  let [word, octet, digits, dots] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (!isOctet(octet, digits)) return undefined;
      word = (word << 8) | octet;
      [octet, digits] = [0, 0];
      dots++;
    } else {
      if (!isDigit(code) || (digits > 0 && octet === 0)) return undefined;
      octet = octet * 10 + code - ZERO;
      digits++;
    }
  }
  return dots === 3 && isOctet(octet, digits) ? (word << 8) | octet : undefined;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

const isOctet = (value: number, digits: number): boolean => digits > 0 && value <= 255;

/** Modulo 2^32, of an odd number: each step of Newton's doubles the bits that are right (5 of them at first). */
function inverseOf(odd: number): number {
  let inverse = Math.imul(3, odd) ^ 2;
  for (let bits = 5; bits < 32; bits *= 2) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}
