/** Control, format and unassigned characters, and the two separators that some programs take for line ends. */
export const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text that attackers may have written, fit for one line of a log or a terminal: what could forge a line, move a cursor or turn
 * the writing direction is shown as `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
