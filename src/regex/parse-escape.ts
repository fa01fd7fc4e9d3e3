import type { Node, Place } from './ast.js';
import { asciiClassTerms, type ClassLetter, charSet, HIGHEST, type Term } from './charset.js';
import type { Cursor } from './cursor.js';
import type { Flags } from './flags.js';
import type { GroupTable } from './group-table.js';

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
]);

const HEXADECIMAL: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** The place that `\A`, `\Z`, `\b` or `\B` stands for. */
function placeOf(letter: string, flags: Flags): Place | undefined {
  if (letter === 'A') return 'start';
  if (letter === 'Z') return 'end';
  if (letter === 'b') return flags.ascii ? 'ascii-boundary' : 'boundary';
  if (letter === 'B') return flags.ascii ? 'ascii-no-boundary' : 'no-boundary';
  return undefined;
}

/** The terms of `\d` and its kind. */
function classTerms(letter: string, flags: Flags): readonly Term[] | undefined {
  if (!/^[dDwWsS]$/.test(letter)) return undefined;
  return flags.ascii ? asciiClassTerms(letter as ClassLetter) : [letter as ClassLetter];
}

/** An escape outside of a class; the cursor stands behind its token. */
export function parseEscape(cursor: Cursor, token: string, flags: Flags, groups: GroupTable): Node {
  const start = cursor.offset - token.length;
  const letter = token.slice(1);
  const place = placeOf(letter, flags);
  if (place) return { kind: 'anchor', place };
  const fold = foldOf(flags);
  if (/^[1-9]$/.test(letter)) {
    const octal = referenceOrOctal(cursor, letter, start);
    if (octal.isReference) {
      groups.refer(octal.number, start);
      return { kind: 'reference', group: octal.number, fold };
    }
    return { kind: 'character', set: charSet([[octal.number, octal.number]], false, fold) };
  }
  return { kind: 'character', set: charSet(terms(cursor, letter, start, flags), false, fold) };
}

/** Which characters take each other's place. */
export const foldOf = (flags: Flags): 'none' | 'ascii' | 'unicode' =>
  flags.ignoreCase ? (flags.ascii ? 'ascii' : 'unicode') : 'none';

/** Two digits are a group, three octal ones a character. */
function referenceOrOctal(cursor: Cursor, first: string, start: number): { isReference: boolean; number: number } {
  const digits = first + cursor.getWhile(/^\d$/, 1);
  if (/^[1-7][0-7]$/.test(digits) && cursor.next !== undefined && /^[0-7]$/.test(cursor.next)) {
    return { isReference: false, number: octalOf(cursor, digits + cursor.get(), start) };
  }
  return { isReference: true, number: Number(digits) };
}

function octalOf(cursor: Cursor, digits: string, start: number): number {
  const code = Number.parseInt(digits, 8);
  return code > 0xff ? cursor.refuse('an octal escape goes to \\377', start) : code;
}

/** An escape within a class: a class of its own, or one character. The cursor stands behind its token. */
export function parseClassEscape(cursor: Cursor, token: string, flags: Flags): readonly Term[] {
  const start = cursor.offset - token.length;
  const letter = token.slice(1);
  if (letter === 'b') return [[0x08, 0x08]];
  if (/^[1-7]$/.test(letter)) {
    const code = octalOf(cursor, letter + cursor.getWhile(/^[0-7]$/, 2), start);
    return [[code, code]];
  }
  return terms(cursor, letter, start, flags);
}

/** What is the same inside and outside of a class. */
function terms(cursor: Cursor, letter: string, start: number, flags: Flags): readonly Term[] {
  const found = classTerms(letter, flags);
  if (found) return found;
  const code = codeOf(cursor, letter, start);
  return [[code, code]];
}

function codeOf(cursor: Cursor, letter: string, start: number): number {
  const control = CONTROLS.get(letter);
  if (control !== undefined) return control;
  const length = HEXADECIMAL.get(letter);
  if (length !== undefined) return hexadecimal(cursor, length, start);
  if (letter === '0') return Number.parseInt(`0${cursor.getWhile(/^[0-7]$/, 2)}`, 8);
  if (letter === 'N')
    cursor.refuse('named characters are not supported; write the character itself, or \\uXXXX', start);
  if (/^[0-9A-Za-z]$/.test(letter)) cursor.refuse('this escape has no meaning', start);
  return letter.codePointAt(0) as number;
}

function hexadecimal(cursor: Cursor, length: number, start: number): number {
  const digits = cursor.getWhile(/^[0-9A-Fa-f]$/, length);
  const code = Number.parseInt(digits, 16);
  if (digits.length < length || code > HIGHEST) cursor.refuse('this escape is not complete, or beyond U+10FFFF', start);
  return code;
}
