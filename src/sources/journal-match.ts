import { DropsetError } from '../model/errors.js';
import { printable } from '../model/printable.js';
import { shellWords } from './shell-words.js';

/** As sd_journal_add_match(3) takes it: upper-case letters, digits, underscores; two in front are for addresses only. */
const MATCH = /^(?!__)[A-Z_][A-Z0-9_]{0,63}=[^\0]*$/;

/** The kernel refuses longer ones (MAX_ARG_STRLEN, 128 KiB). */
const LONGEST = 100_000;

/**
 * What journalctl must be told to select what `journalmatch` of a filter selects: `FIELD=VALUE` words, `+` between alternatives.
 * In each alternative, words of the same field are alternatives themselves, those of different fields must all hold; so it
 * is with sd_journal_add_match(3), fail2ban and journalctl alike.
 *
 * @param lines one set of matches each, quoted as for a shell; the sets are alternatives.
 * @throws DropsetError `filter`
 */
export function matchArguments(lines: readonly string[]): string[] {
  const alternatives = lines.flatMap((line) => split(wordsOf(line)));
  return alternatives
    .filter((words) => words.length > 0)
    .flatMap((words, index) => (index > 0 ? ['+', ...words] : words));
}

function wordsOf(line: string): string[] {
  const words = line.length <= LONGEST ? shellWords(line) : undefined;
  if (!words) throw refused(line, 'has a quote that does not end, or a backslash at its end');
  const wrong = words.find((word) => word !== '+' && !MATCH.test(word));
  if (wrong !== undefined)
    throw refused(line, `has '${printable(wrong.slice(0, 100))}'; write FIELD=VALUE, or + for "or"`);
  return words;
}

const refused = (line: string, what: string): DropsetError =>
  new DropsetError('filter', `journalmatch '${printable(line.slice(0, 200))}' ${what}`);

function split(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === '+') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
