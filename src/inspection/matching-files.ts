import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths that are counted at most: a glob may lead through every folder there is. */
const MOST = 10_000;

/**
 * How many paths a pattern leads to now, with `*`, `?`, `[a-z]` and `[!a-z]` in its components as in Python's glob; 10,000 at
 * most. Directories that may not be read hold nothing.
 */
export function countMatching(pattern: string): number {
  const components = pattern.split('/').slice(1);
  let found = ['/'];
  for (const component of components) {
    found = found.flatMap((directory) => inside(directory, component)).slice(0, MOST);
  }
  return found.length;
}

function inside(directory: string, component: string): string[] {
  if (!/[*?[]/.test(component)) {
    const path = join(directory, component);
    return existsSync(path) ? [path] : [];
  }
  const wanted = new RegExp(`^${component.replace(/\[(!?)([^\]]+)\]|[*?]|[^A-Za-z0-9_]/g, translated)}$`, 'su');
  return namesIn(directory)
    .filter((name) => wanted.test(name) && (!name.startsWith('.') || component.startsWith('.')))
    .map((name) => join(directory, name));
}

function translated(piece: string, negation: string | undefined, members: string | undefined): string {
  if (piece === '*') return '.*';
  if (piece === '?') return '.';
  if (members === undefined) return `\\u{${(piece.codePointAt(0) as number).toString(16)}}`;
  return `[${negation ? '^' : ''}${members.replace(/[^A-Za-z0-9_-]/g, (one) => `\\u{${(one.codePointAt(0) as number).toString(16)}}`)}]`;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
