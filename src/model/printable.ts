/** Control, format and unassigned characters, and the two separators that some programs take for line ends. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text that attackers may have written, fit for one line of a log or a terminal: what could forge a line, move a cursor or turn
 * the writing direction is shown as `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/**
 * One line of JSON without such characters: they are escaped, and come back as they were. JSON.stringify does so with those below U+0020
 * alone.
 */
export const printableJson = (value: unknown): string => JSON.stringify(value).replace(UNPRINTABLE, escaped);

/** Per UTF-16 unit, as JSON has it. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
