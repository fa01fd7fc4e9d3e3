import type { Place } from './ast.js';

const WORD = /^[\p{L}\p{N}_]$/u;

const isNewline = (text: string, at: number): boolean => text.charCodeAt(at) === 0x0a;

/** The character that ends before a position; '' at the start. */
function before(text: string, at: number): string {
  if (at === 0) return '';
  const isPair = at > 1 && (text.codePointAt(at - 2) as number) > 0xffff;
  return text.slice(at - (isPair ? 2 : 1), at);
}

const behind = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

function isBoundary(word: RegExp, text: string, at: number): boolean {
  return word.test(before(text, at)) !== word.test(behind(text, at));
}

const ASCII_WORD = /^[0-9A-Za-z_]$/;

/** Whether a position of a text is of a kind. */
export function isPlace(place: Place, text: string, at: number): boolean {
  switch (place) {
    case 'start':
      return at === 0;
    case 'line-start':
      return at === 0 || isNewline(text, at - 1);
    case 'end':
      return at === text.length;
    case 'final-end':
      return at === text.length || (at === text.length - 1 && isNewline(text, at));
    case 'line-end':
      return at === text.length || isNewline(text, at);
    case 'boundary':
      return isBoundary(WORD, text, at);
    case 'ascii-boundary':
      return isBoundary(ASCII_WORD, text, at);
    // The empty text has no place that is no boundary, says Python.
    case 'no-boundary':
      return text !== '' && !isBoundary(WORD, text, at);
    case 'ascii-no-boundary':
      return text !== '' && !isBoundary(ASCII_WORD, text, at);
  }
}
