import { readdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { DropsetError } from '../model/errors.js';
import { suggest } from '../model/suggest.js';
import { exists, fileSet } from './file-set.js';

/** The files of one filter, in the order in which later ones win. */
export interface FilterFiles {
  /** The path that errors name. */
  readonly origin: string;
  readonly paths: readonly string[];
}

/**
 * Finds a filter's files.
 *
 * @param name `sshd`, or with a slash a path: `/x/y.conf` with what belongs to it (`y.d`, `y.local`), any other file
 * alone.
 * @param directories folders like `filter.d`. The first that has the filter gives it; drop-ins (`NAME.local`, `NAME.d`)
 * of those before it win over it, so that `/etc/dropset/filter.d/sshd.local` changes a filter that is delivered
 * elsewhere.
 * @throws DropsetError `filter`, with the names that are near.
 */
export function findFilter(name: string, directories: readonly string[]): FilterFiles {
  return name.includes('/') ? fileAt(name) : named(name, directories);
}

function fileAt(name: string): FilterFiles {
  const path = resolve(name);
  for (const candidate of [path, `${path}.conf`]) {
    if (!exists(candidate)) continue;
    const isConf = extname(candidate) === '.conf';
    return { origin: candidate, paths: isConf ? fileSet(candidate.slice(0, -'.conf'.length)) : [candidate] };
  }
  throw new DropsetError('filter', `there is no file ${path}, which is to be a filter`);
}

function named(name: string, directories: readonly string[]): FilterFiles {
  const sets = directories.map((directory) => fileSet(join(directory, name)));
  const has = (index: number): boolean =>
    sets[index]?.includes(join(directories[index] as string, `${name}.conf`)) ?? false;
  const indices = directories.map((_, index) => index);
  const chosen = indices.find(has) ?? indices.find((index) => sets[index]?.length);
  if (chosen === undefined) throw unknown(name, directories);
  const paths = sets
    .slice(0, chosen + 1)
    .reverse()
    .flat();
  return { origin: paths[0] as string, paths };
}

/** Names that are listed at most: fail2ban has 87 filters, and a line of a terminal 80 columns. */
const LISTED = 100;

function unknown(name: string, directories: readonly string[]): DropsetError {
  const names = filterNames(directories);
  const near = suggest(name, names);
  const hint = near ? `; did you mean '${near}'?` : '';
  const all = names.length > 0 ? `\nfilters: ${names.slice(0, LISTED).join(' ')}` : '';
  return new DropsetError('filter', `there is no filter '${name}' in ${directories.join(', ')}${hint}${all}`);
}

/** The names of all filters in the directories, sorted. Files that others include (`common.conf`, `x-common.conf`) are none. */
export const filterNames = (directories: readonly string[]): string[] =>
  [...new Set(directories.flatMap(filtersIn))].sort();

function filtersIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.conf') && !/(?:^|-)common\.conf$/.test(file))
      .map((file) => basename(file, '.conf'));
  } catch {
    return [];
  }
}
