/** A word's piece: blanks, 'single' quotes, "double" quotes, an escaped character, or anything else. */
const PIECE = /[ \t\r\n]+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|[^ \t\r\n'"\\]+/gy;

/**
 * Splits words as a POSIX shell does, and as Python's `shlex.split`: quotes, backslashes, no comments, no expansion.
 *
 * @returns undefined for text that ends inside a quote or behind a backslash.
 */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const piece of text.matchAll(PIECE)) {
    end = piece.index + piece[0].length;
    if (/^[ \t\r\n]/.test(piece[0])) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + meaningOf(piece);
  }
  if (word !== undefined) words.push(word);
  return end === text.length ? words : undefined;
}

/** Between double quotes a backslash escapes only a quote or itself. */
function meaningOf([piece, single, double, escaped]: RegExpExecArray): string {
  return single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? (piece as string);
}
