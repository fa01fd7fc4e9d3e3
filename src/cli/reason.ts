import { Prefix } from '../model/prefix.js';
import { UsageError } from './command.js';

/** What the words of `dropset ban` say. */
export interface Given {
  readonly addresses: readonly string[];
  readonly reason?: string;
}

/**
 * Parts words into addresses and a reason: the last of several words is the reason if it is no address and cannot be meant for one. What a
 * person has mistyped must not become a reason, and then a ban that nobody knows of.
 *
 * @param words `-` stands for an address. @throws UsageError if that is not clear: then nothing is to be done.
 */
export function parted(words: readonly string[]): Given {
  const before = words.slice(0, -1);
  const last = words.at(-1);
  const misplaced = before.find((word) => /\s/.test(word));
  if (misplaced !== undefined) throw new UsageError(`'${misplaced}' is no address: ${WHERE}`);
  if (last === undefined || isAddress(last) || before.length === 0) return { addresses: words };
  if (mayBeAddress(last))
    throw new UsageError(`'${last}' is no address. If it is the reason, write --reason '${last}'; ${WHERE}`);
  const other = before.find((word) => !isAddress(word));
  if (other !== undefined) throw new UsageError(`'${other}' is no address: ${WHERE}`);
  return { addresses: before, reason: last };
}

const WHERE =
  "addresses come first, each a word of its own, and one reason last, in quotes: dropset ban 192.0.2.7 'login flood'";

const isAddress = (word: string): boolean => word === '-' || Prefix.tryParse(word) !== undefined;

/**
 * Whether a word that is no address looks as if it should be one, or a host's name: a single word with a dot, a colon or a slash in it, a
 * number, nothing; or several words of which the first is an address.
 */
function mayBeAddress(word: string): boolean {
  const [first = '', ...more] = word.split(/[\s,;]+/);
  return more.length > 0 && /\s/.test(word) ? isAddress(first) : word === '' || /[.:/%]|^[\d-]+$/.test(word);
}
