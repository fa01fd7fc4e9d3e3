/** Most texts, and found out quickly. */
const ASCII = /^[ -~]*$/;

/** Control, format and unassigned characters, and the two separators that some programs take for line ends. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text that attackers may have written, fit for one line of a log or a terminal: what could forge a line, move a cursor or turn
 * the writing direction is shown as `\u{1b}`.
 */
export function printable(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/**
 * One line of JSON without such characters: they are escaped, and come back as they were. JSON.stringify does so with those below U+0020
 * alone.
 */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return ASCII.test(text) ? text : text.replace(UNPRINTABLE, escaped);
}

/** Per UTF-16 unit, as JSON has it. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
