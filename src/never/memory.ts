import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import type { Listed } from './entries.js';
import type { ListState } from './lists.js';
import type { Answer } from './names.js';

/** What was last known, by name and by path. */
export interface Known {
  readonly names: ReadonlyMap<string, Answer>;
  readonly lists: ReadonlyMap<string, ListState>;
}

const NOTHING: Known = { names: new Map(), lists: new Map() };

/** Bytes: more than `MOST_RULES` entries need. */
const LONGEST = 16 * 1024 * 1024;

/** What a restart should know while nobody answers: a file of JSON, written whole and put into its place. */
export class Memory {
  readonly #path: string | undefined;
  #written = '';

  /** @param path of the file; without one nothing is kept. */
  constructor(path?: string) {
    this.#path = path;
  }

  /** @returns nothing known where there is no such file. @throws Error for one that cannot be read. */
  read(): Known {
    if (this.#path === undefined || !statSync(this.#path, { throwIfNoEntry: false })) return NOTHING;
    if (statSync(this.#path).size > LONGEST) throw new Error(`${this.#path} is larger than dropset makes it`);
    return knownOf(JSON.parse(readFileSync(this.#path, 'utf8')));
  }

  /** Writes what is known, unless it is what was written last. @returns what went wrong, as a sentence. */
  write({ names, lists }: Known): string | undefined {
    const text = JSON.stringify({
      names: [...names].map(([name, { prefixes, since }]) => ({ name, since, addresses: prefixes.map(String) })),
      lists: [...lists].map(([path, { entries, since }]) => ({
        ...{ path, since },
        entries: entries.map((entry) => [entry.line, entry.text]),
      })),
    });
    if (this.#path === undefined || text === this.#written) return undefined;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, text, { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
      this.#written = text;
      return undefined;
    } catch (thrown) {
      return `what names of the never-list resolve to is not kept for a restart: ${messageOf(thrown)}`;
    }
  }
}

interface Stored {
  readonly names: readonly { name: string; since: number; addresses: readonly string[] }[];
  readonly lists: readonly { path: string; since: number; entries: readonly [number, string][] }[];
}

/** @throws TypeError for anything else than what is written here. */
function knownOf(value: unknown): Known {
  const { names, lists } = value as Stored;
  const listed = ([line, text]: readonly [number, string]): Listed => {
    const prefix = Prefix.tryParse(text);
    return { line, text, ...(prefix && { prefix }) };
  };
  return {
    names: new Map(
      names.map(({ name, since, addresses }) => [name, { since, prefixes: addresses.flatMap(parsed) }] as const),
    ),
    lists: new Map(lists.map(({ path, since, entries }) => [path, { since, entries: entries.map(listed) }] as const)),
  };
}

const parsed = (text: string): readonly Prefix[] => {
  const prefix = Prefix.tryParse(text);
  return prefix ? [prefix] : [];
};
