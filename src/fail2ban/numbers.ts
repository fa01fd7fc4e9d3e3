import { strip } from './whitespace.js';

/**
 * Reads an integer as Python's `int` does: space around it, a sign, underscores between digits. Undefined for
 * anything else.
 */
export function parseInteger(text: string): number | undefined {
  const trimmed = strip(text);
  if (trimmed.length > 20 || !/^[+-]?\d+(?:_\d+)*$/.test(trimmed)) return undefined;
  const value = Number(trimmed.replaceAll('_', ''));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** fail2ban's truth: these four words, in any case; everything else is false. */
export const parseBoolean = (text: string): boolean => /^(?:1|on|true|yes)$/i.test(text);
