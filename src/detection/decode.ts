import type { Chunk } from '../sources/chunk.js';

/** Makes text of a line's bytes. What is no text in that encoding becomes U+FFFD. */
export type Decode = (
  chunk: Chunk,
  line: { readonly start: number; readonly end: number; readonly isAscii: boolean },
) => string;

const RETURN = 0x0d;

const decoders = new Map<string, Decode>();

/**
 * A decoder for an encoding whose first 128 characters are ASCII, as nearly all are. The carriage returns of a line's end do not count, as
 * in fail2ban. The same one for the same label.
 *
 * @param label of the WHATWG Encoding Standard, as `utf-8` or `iso-8859-1`.
 */
export function decoderOf(label: string): Decode {
  const known = decoders.get(label) ?? newDecoder(label);
  decoders.set(label, known);
  return known;
}

function newDecoder(label: string): Decode {
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
