import fc, { type Arbitrary } from 'fast-check';
import { Random } from '../random.js';

/** Any bytes, up to so many. */
export const anyBytes = (most: number): Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: most }).map((bytes) => Buffer.from(bytes));

/** A few of the words in any order, and any bytes between them now and then. */
export function wordsOf(words: readonly string[], most: number): Arbitrary<Buffer> {
  const word = fc.constantFrom(...words).map((text) => Buffer.from(text));
  const pieces = fc.oneof({ weight: 15, arbitrary: word }, { weight: 1, arbitrary: anyBytes(4) });
  return fc.array(pieces, { maxLength: most }).map((all) => Buffer.concat(all));
}

/** A change of a text: so many bytes at a place, given as a share of the length, become others; or as many as the others are. */
interface Edit {
  readonly place: number;
  readonly removed: number | undefined;
  readonly added: Buffer;
}

/** One of the samples with a few changes: bytes that are removed, or overwritten or pushed aside by a word or by anything. */
export function mutated(samples: readonly Buffer[], words: readonly string[]): Arbitrary<Buffer> {
  const added = fc.oneof(
    fc.constantFrom(...words, '').map((word) => Buffer.from(word)),
    anyBytes(4),
  );
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const edit = fc.record({ place, removed: fc.option(fc.nat(12), { nil: undefined }), added });
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 6 }))
    .map(([sample, edits]) => edits.reduce(changed, sample));
}

function changed(bytes: Buffer, { place, removed, added }: Edit): Buffer {
  const at = Math.floor(place * bytes.length);
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + (removed ?? added.length))]);
}

/** The bytes in pieces as a socket or a file may hand them over; the same for the same bytes and seed. */
export function piecesOf(bytes: Buffer, seed: number): Buffer[] {
  const random = new Random(seed ^ bytes.length);
  const longest = random.pick([1, 3, 50, 500]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + random.below(longest + 1);
    pieces.push(Buffer.from(bytes.subarray(at, end)));
    at = Math.max(at, end);
  }
  return pieces;
}
