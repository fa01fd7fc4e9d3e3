import { type Family, type Prefix, WIDTH } from '../../model/prefix.js';
import { ATTRIBUTE, NLA_F_NESTED } from '../../netlink/protocol.js';
import { DATA, ELEM, LIST_ELEM } from './protocol.js';

/** NFTA_SET_ELEM_TIMEOUT: a u64. */
const TIMEOUT = ATTRIBUTE + 8;

/** What a map's element leads to: DATA and VALUE, a number of 32 bits. */
const NUMBER = 2 * ATTRIBUTE + 4;

/** What an element consists of beside its key. */
export interface ElementShape {
  /** Whether it has a timeout; removals must not. */
  readonly timed?: boolean;
  /** Whether it leads to a number, as a map's does. */
  readonly numbered?: boolean;
}

/** Bytes of one element on the wire: LIST_ELEM, KEY and VALUE, each inside the one before, and perhaps a number and a timeout. */
export const elementSize = (key: number, { timed, numbered }: ElementShape): number =>
  3 * ATTRIBUTE + key + (numbered ? NUMBER : 0) + (timed ? TIMEOUT : 0);

/** An attribute's header as one little-endian word: length below, type above. */
const header = (length: number, type: number): number => ((type << 16) | length) >>> 0;

const swapped = (word: number): number =>
  (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/**
 * Writes elements of a set, each in `size` bytes:
 *
 *     LIST_ELEM { KEY { VALUE address } DATA { VALUE number } TIMEOUT milliseconds }
 *
 * By hand, word by word, and not attribute by attribute: this is the one loop that runs a million times.
 */
export class ElementLayout {
  readonly size: number;
  readonly #words: number;
  readonly #element: number;
  readonly #key: number;
  readonly #value: number;

  constructor(family: Family, shape: ElementShape) {
    const key = WIDTH[family] / 8;
    this.size = elementSize(key, shape);
    this.#words = key / 4;
    this.#element = header(this.size, LIST_ELEM | NLA_F_NESTED);
    this.#key = header(2 * ATTRIBUTE + key, ELEM.KEY | NLA_F_NESTED);
    this.#value = header(ATTRIBUTE + key, DATA.VALUE);
  }

  /** Writes the address; answers where what follows begins. */
  write(target: Uint32Array, at: number, prefix: Prefix): number {
    target[at] = this.#element;
    target[at + 1] = this.#key;
    target[at + 2] = this.#value;
    for (let index = 0; index < this.#words; index++) target[at + 3 + index] = swapped(prefix.word(index));
    return at + 3 + this.#words;
  }

  /** Writes the address and the timeout in milliseconds; 0 means never. */
  writeTimed(target: Uint32Array, at: number, prefix: Prefix, timeout: number): void {
    writeTimeout(target, this.write(target, at, prefix), timeout);
  }

  /** Writes the address and the number that it leads to, in host order; answers where what follows begins. */
  writeNumbered(target: Uint32Array, at: number, prefix: Prefix, number: number): number {
    const end = this.write(target, at, prefix);
    target[end] = header(NUMBER, ELEM.DATA | NLA_F_NESTED);
    target[end + 1] = header(NUMBER - ATTRIBUTE, DATA.VALUE);
    target[end + 2] = number;
    return end + 3;
  }

  /** Writes all there is. */
  writeWhole(target: Uint32Array, at: number, prefix: Prefix, number: number, timeout: number): void {
    writeTimeout(target, this.writeNumbered(target, at, prefix, number), timeout);
  }
}

function writeTimeout(target: Uint32Array, at: number, timeout: number): void {
  target[at] = header(TIMEOUT, ELEM.TIMEOUT);
  target[at + 1] = swapped(timeout / 0x1_0000_0000);
  target[at + 2] = swapped(timeout);
}
