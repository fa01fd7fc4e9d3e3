import type { Chunk } from '../sources/chunk.js';

/** Makes text of a line's bytes. What is no text in that encoding becomes U+FFFD. */
export type Decode = (
  chunk: Chunk,
  line: { readonly start: number; readonly end: number; readonly isAscii: boolean },
) => string;

const RETURN = 0x0d;

/** Whether the encoding's first 128 characters are ASCII, a byte each, as in nearly all: only then literals can be looked for in bytes. */
export const isAsciiCompatible = (label: string): boolean => !/^utf-?16/i.test(new TextDecoder(label).encoding);

const decoders = new Map<string, Decode>();

/**
 * A decoder for an encoding; the same one for the same label. The carriage returns of a line's end do not count, as in fail2ban.
 *
 * @param label of the WHATWG Encoding Standard, as `utf-8` or `iso-8859-1`.
 */
export function decoderOf(label: string): Decode {
  const known = decoders.get(label) ?? newDecoder(label);
  decoders.set(label, known);
  return known;
}

function newDecoder(label: string): Decode {
  if (!isAsciiCompatible(label)) return wideDecoder(label);
  const other = otherOf(label);
  return ({ bytes }, { start, end, isAscii }) => {
    let last = end;
    while (last > start && bytes[last - 1] === RETURN) last--;
    return isAscii ? bytes.toString('latin1', start, last) : other(bytes, start, last);
  };
}

function otherOf(label: string): (bytes: Buffer, start: number, end: number) => string {
  const decoder = new TextDecoder(label);
  if (decoder.encoding === 'utf-8') return (bytes, start, end) => bytes.toString('utf8', start, end);
  return (bytes, start, end) => decoder.decode(bytes.subarray(start, end));
}

/**
 * UTF-16, cut into lines at each byte 0x0A: little-endian lines begin with the second byte of the newline before, and big-endian ones
 * end with the first byte of theirs. (A character whose own low byte is 0x0A, as U+010A, cuts a line in two.)
 */
function wideDecoder(label: string): Decode {
  const decoder = new TextDecoder(label);
  const isLittle = decoder.encoding === 'utf-16le';
  return ({ bytes }, { start, end }) => {
    const from = isLittle && bytes[start] === 0 ? start + 1 : start;
    const whole = end - from - ((end - from) % 2);
    return decoder.decode(bytes.subarray(from, from + whole)).replace(/[\r\0]+$/, '');
  };
}
