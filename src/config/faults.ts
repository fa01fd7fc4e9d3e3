import { DropsetError } from '../model/errors.js';
import type { Path, Places } from './locate.js';

/** What is wrong with one key of the configuration. */
export interface Fault {
  readonly path: Path;
  /** What is wrong, and behind a semicolon what was expected. */
  readonly sentence: string;
}

/** Faults that are printed at most: behind a hundred, something else is wrong, and a terminal has an end. */
const PRINTED = 100;

/** All faults as one error, by line: `FILE:LINE: section.key: what is wrong; expected what`. */
export function errorOf(faults: readonly Fault[], file: string, places: Places): DropsetError {
  const placed = faults.map((fault) => ({ fault, line: places.line(fault.path) })).sort((a, b) => a.line - b.line);
  const lines = placed
    .slice(0, PRINTED)
    .map(({ fault, line }) => `${file}:${line}: ${pathText(fault.path)}: ${fault.sentence}`);
  if (placed.length > PRINTED) lines.push(`${file}: ${placed.length - PRINTED} more faults`);
  return new DropsetError('config', lines.join('\n'));
}

/** A value as a fault shows it: short, on one line, without control characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value instanceof Date) return 'a date or time';
  return typeof value === 'object' ? 'a section' : String(value);
}

/** A key as a fault shows it: bare where TOML takes it bare. */
export const keyText = (key: string): string => (/^[A-Za-z0-9_-]{1,64}$/.test(key) ? key : quoted(key));

// The index of a list item is left out: the line and the value say more than a count from zero.
const pathText = (path: Path): string =>
  path
    .filter((part) => typeof part === 'string')
    .map(keyText)
    .join('.');

const quoted = (text: string): string =>
  // DEL and the C1 controls, which JSON lets through, would reach the terminal.
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
