import type { FilterDefinition } from '../model/definition.js';
import { DropsetError } from '../model/errors.js';
import { DefinitionReader } from './definition-reader.js';
import { Files } from './file.js';
import { configurationOf } from './file-set.js';
import { definitionOf, FILTER_OPTIONS } from './filter-definition.js';
import { findFilter } from './filter-files.js';
import { filterPlaces } from './places.js';
import { parseReference } from './reference.js';

export type Logtype = 'file' | 'journal' | 'rfc5424' | 'short';

export interface FilterOptions {
  /** Folders like fail2ban's `filter.d`, searched in order. */
  readonly directories: readonly string[];
  /** Win over those of the reference. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the lines look like, unless the filter or a parameter says so. */
  readonly logtype?: Logtype;
  /** Lets a filter without any failregex through, for a caller that has expressions of its own. */
  readonly isPart?: boolean;
}

/**
 * Loads a filter: `sshd`, `sshd[mode=aggressive]`, `/path/to/x.conf[mode=more]`. Its files are read anew each time.
 *
 * @throws DropsetError `filter`: no such filter, a fault in its files or parameters, or no failregex.
 */
export function loadFilter(reference: string, options: FilterOptions): FilterDefinition {
  try {
    const definition = read(reference, options);
    if (definition.failregex.length === 0 && !options.isPart) throw withoutFailregex(definition);
    return definition;
  } catch (thrown) {
    if (!(thrown instanceof DropsetError) || thrown.code === 'filter') throw thrown;
    throw new DropsetError('filter', thrown.message, { cause: thrown });
  }
}

export const withoutFailregex = ({ name, origin }: FilterDefinition): DropsetError =>
  new DropsetError('filter', `${origin}: filter '${name}' has no failregex; it would find nothing`);

function read(reference: string, { directories, parameters, logtype }: FilterOptions): FilterDefinition {
  const { name, parameters: own } = parseReference(reference);
  const { origin, paths } = findFilter(name, directories);
  const reader = readerOf(paths, new Map([...own, ...Object.entries(parameters ?? {})]), new Files());
  if (logtype && !reader.hasOwn('logtype')) reader.setParameter('logtype', logtype);
  reader.read();
  const combined = reader.combined();
  return definitionOf({ name: reference, origin }, combined, filterPlaces(reader, combined));
}

/** @throws DropsetError `config`. */
export function readerOf(
  paths: readonly string[],
  parameters: ReadonlyMap<string, string>,
  files: Files,
): DefinitionReader {
  const origin = paths[0] as string;
  return new DefinitionReader(origin, configurationOf(paths, files), parameters, FILTER_OPTIONS);
}
