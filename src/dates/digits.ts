const DIGIT = /\p{Nd}/u;

/** Unicode assigns decimal digits in runs of ten, from zero on; the longest row of runs has five of them. */
function decimalOf(digit: string): string {
  let first = digit.codePointAt(0) as number;
  const code = first;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}

/**
 * Reads a number as Python's `int` and `float` do: surrounded by space, and in the decimal digits of any script, which `\d` takes
 * as well. NaN for what is no number.
 */
export function numberOf(text: string): number {
  return /^[0-9]+$/.test(text) ? Number(text) : numberOfAny(text);
}

function numberOfAny(text: string): number {
  const ascii = text.replace(/[^\0-\x7f]/gu, (character) => (DIGIT.test(character) ? decimalOf(character) : character));
  return /^\s*[+-]?[0-9]+(?:\.[0-9]*)?\s*$/.test(ascii) ? Number(ascii) : Number.NaN;
}
