import type { Prefix } from '../../model/prefix.js';
import type { Allowed } from '../allowed.js';
import type { Held } from '../held.js';
import type { Format } from './formats/format.js';

/** What could not be said, and is not denied then: the never-list is stronger. */
export interface Left {
  count: number;
  first?: Prefix;
}

/**
 * The text of a file: its head, and who is denied, without those who are never banned.
 *
 * @param left is told what the format cannot say.
 */
export function* linesOf(format: Format, held: Pick<Held, 'live'>, allowed: Allowed, left: Left): Generator<string> {
  if (format.head !== '') yield format.head;
  for (const { prefix } of held.live()) {
    const pieces = allowed.cut(prefix);
    const sayable = pieces?.filter((piece) => format.refusal?.(piece) === undefined) ?? [];
    if (sayable.length !== pieces?.length) {
      left.count++;
      left.first ??= prefix;
    }
    for (const piece of sayable) yield format.line(piece);
  }
}
