import type { Fold } from './charset.js';

/** The lower case by which Python compares what a reference finds: of one character, always one character. */
function lower(character: string, fold: Fold): string {
  if (fold === 'ascii') return /^[A-Z]$/.test(character) ? character.toLowerCase() : character;
  return character === '\u0130' ? 'i' : character.toLowerCase();
}

/** Where a text, found at a position of another, ends there; -1 if it is not there. */
export function equalText(wanted: string, text: string, at: number, fold: Fold): number {
  if (fold === 'none') return text.startsWith(wanted, at) ? at + wanted.length : -1;
  let end = at;
  for (const character of wanted) {
    const code = text.codePointAt(end);
    if (code === undefined) return -1;
    const found = String.fromCodePoint(code);
    if (lower(found, fold) !== lower(character, fold)) return -1;
    end += found.length;
  }
  return end;
}
