import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DropsetError, messageOf } from '../model/errors.js';
import { type FilterDefinition, parseDefinition } from './definition.js';

/** The filters that come with dropset. The way is the same from src/filters and from dist/filters. */
export const STOCK = fileURLToPath(new URL('../../src/filters/stock/', import.meta.url));

/** Where a filter's name is looked up, the operator's own first. */
export const DIRECTORIES: readonly string[] = ['/etc/dropset/filter.d', STOCK];

export interface SearchOptions {
  readonly directories?: readonly string[];
}

/**
 * Reads a filter by its name (NAME.conf in the first directory that has it), or by its path if there is a slash.
 *
 * @throws DropsetError `filter`: unknown, unreadable, or not understood.
 */
export function loadFilter(name: string, { directories = DIRECTORIES }: SearchOptions = {}): FilterDefinition {
  if (name.includes('/')) return parseDefinition(name, name, textOf(name) ?? absent(name, `${name} is missing`));
  for (const directory of directories) {
    const path = join(directory, `${name}.conf`);
    const text = textOf(path);
    if (text !== undefined) return parseDefinition(name, path, text);
  }
  const known = [...new Set(directories.flatMap(namesIn))].sort();
  return absent(name, `none in ${directories.join(', ')}; there are: ${known.join(', ') || 'none'}`);
}

function absent(name: string, why: string): never {
  throw new DropsetError('filter', `filter '${name}' is unknown: ${why}`);
}

/** Undefined if there is no such file. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DropsetError('filter', `filter ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.conf'))
      .map((file) => file.slice(0, -'.conf'.length));
  } catch {
    // It serves a message only, and /etc/dropset/filter.d need not exist.
    return [];
  }
}
