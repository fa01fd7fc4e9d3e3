import { isAbsolute, join } from 'node:path';
import type { FilterDefinition } from '../model/definition.js';
import { DropsetError } from '../model/errors.js';
import type { Configuration, Variables } from './configuration.js';
import type { DefinitionReader } from './definition-reader.js';
import type { Files } from './file.js';
import { fileSet } from './file-set.js';
import { readerOf, withoutFailregex } from './filter.js';
import { definitionOf, FILTER_OPTIONS } from './filter-definition.js';
import { type FilterFiles, findFilter } from './filter-files.js';
import { filterPlaces, Places } from './places.js';
import { parseReference } from './reference.js';

/** What of a filter a jail adds its own lines to; the rest it replaces. */
const ADDED: ReadonlySet<string> = new Set(['failregex', 'ignoreregex', 'journalmatch']);

/** The filter of one jail. fail2ban reads it twice, and so does this: see DefinitionReader. */
export class JailFilter {
  readonly #reference: string;
  readonly #jail: string;
  readonly #origin: string;
  readonly #reader: DefinitionReader | undefined;

  /**
   * @param reference what the jail calls its filter; empty for a jail that has expressions of its own alone.
   * @throws DropsetError: no such filter, or a fault in its files.
   */
  constructor(reference: string, jail: string, directory: string, files: Files) {
    this.#reference = reference;
    this.#jail = jail;
    if (reference === '') {
      this.#origin = `jail ${jail}`;
      return;
    }
    const { name, parameters } = parseReference(reference);
    const found = filesOf(name, join(directory, 'filter.d'));
    this.#origin = found.origin;
    this.#reader = readerOf(found.paths, parameters, files);
  }

  /** Puts the filter's options into the jail's section as `known/*`. */
  announce(first: Variables, configuration: Configuration): void {
    if (!this.#reader) return;
    const journal = first.get('backend')?.startsWith('systemd');
    if (!this.#reader.hasOwn('logtype')) this.#reader.setParameter('logtype', journal ? 'journal' : 'file');
    this.#reader.read(first, true);
    configuration.setKnown(this.#jail, this.#reader.combined());
  }

  /** The definition, with the jail's own options instead of the filter's. */
  definition(options: Variables, configuration: Configuration): FilterDefinition {
    const { combined, places } = this.#own(options);
    addJailPlaces(places, this.#jail, configuration);
    for (const name of FILTER_OPTIONS) {
      const value = options.get(name);
      const before = ADDED.has(name) ? combined.get(name) : undefined;
      if (value !== undefined) combined.set(name, before === undefined ? value : `${before}\n${value}`);
    }
    const name = this.#reference || this.#jail;
    const definition = definitionOf({ name, origin: this.#origin }, combined, places);
    if (definition.failregex.length === 0) throw withoutFailregex(definition);
    return definition;
  }

  #own(options: Variables): { combined: Map<string, string>; places: Places } {
    if (!this.#reader) return { combined: new Map(), places: new Places() };
    this.#reader.read(options);
    const combined = this.#reader.combined();
    return { combined, places: filterPlaces(this.#reader, combined) };
  }
}

function filesOf(name: string, directory: string): FilterFiles {
  if (!isAbsolute(name)) return findFilter(name, [directory]);
  const paths = fileSet(name);
  if (paths[0] !== undefined) return { origin: paths[0], paths };
  throw new DropsetError('filter', `there is no filter ${name}.conf`);
}

function addJailPlaces(places: Places, jail: string, configuration: Configuration): void {
  const own = FILTER_OPTIONS.flatMap((name) => configuration.find(jail, name) ?? []);
  places.add(own, (line) => configuration.interpolate(line, jail, new Map(), 'a line'));
}
