// Addresses by number: numbers.h says the same, and why, for the programs.
import { Prefix } from '../../../dist/model/prefix.js';

/** `enum kind` of numbers.h. */
export const KIND = { ADDRESS4: 0, LISTED4: 1, PLAIN4: 2, ADDRESS6: 3, LISTED6: 4 };

export const isIPv6 = (kind) => kind >= KIND.ADDRESS6;

const SCATTER4 = 0x9e3779b1;
const SCATTER6 = 0x9e3779b97f4a7c15n;

/** Prefix lengths as lists of networks have them: of a hundred, 70 are /24, 25 are /16 to /23, and 5 cut a /24. */
const LENGTHS4 = [
  [24, 70],
  [23, 5],
  [22, 7],
  [21, 4],
  [20, 4],
  [19, 2],
  [18, 1],
  [17, 1],
  [16, 1],
  [25, 1],
  [27, 1],
  [28, 1],
  [29, 1],
  [31, 1],
].flatMap(([length, times]) => new Array(times).fill(length));
const LENGTHS6 = [48, 48, 64, 32, 56, 48, 40, 64, 44, 36];

function scattered4(number, eighth) {
  const bits = Math.imul(number, SCATTER4) & 0x1fffffff;
  return (((bits >>> 16) << 19) | (eighth << 16) | (bits & 0xffff)) >>> 0;
}

/** An IPv4 address as a number. */
export const number4 = (number) => scattered4(number, number % 7);

function prefix4(value, length) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Prefix.fromBytes(bytes, length);
}

function prefix6(number, nibble, length) {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64BE((BigInt.asUintN(64, BigInt(number) * SCATTER6) >> 4n) | (nibble << 60n), 0);
  bytes.writeBigUInt64BE(1n, 8);
  return Prefix.fromBytes(bytes, length);
}

export const address4 = (number) => prefix4(number4(number), 32);
export const listed4 = (number) => prefix4(scattered4(number, 7), LENGTHS4[number % LENGTHS4.length]);
export const slash24 = (number) => prefix4(scattered4(number, 7), 24);
export const address6 = (number) => prefix6(number, 2n, 128);
export const listed6 = (number) => prefix6(number, 3n, LENGTHS6[number % LENGTHS6.length]);

/** What `make` makes of the numbers from `first` up to `end`. */
export const range = (make, first, end) => Array.from({ length: end - first }, (_, index) => make(first + index));
