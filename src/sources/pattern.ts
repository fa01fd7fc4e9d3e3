import { lstatSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { DropsetError } from '../model/errors.js';
import { Glob, isGlob } from './glob.js';

/** Where to begin in a file that is there when following begins, and of which no position is known. */
export type Start = 'end' | 'beginning' | 'since';

/** Files to follow, by path. */
export interface FilePattern {
  /** An absolute path; its components may have `*`, `?` and `[...]` as in Python's glob. */
  readonly pattern: string;
  readonly start: Start;
}

/** Told of each directory before its names are looked up. */
export type Visit = (directory: string, wanted: Glob) => void;

/** A pattern taken apart at its slashes. */
export class PathPattern {
  readonly text: string;
  readonly start: Start;
  readonly hasGlob: boolean;
  readonly #components: readonly Glob[];

  /** @throws DropsetError `source` for a path that is not absolute, or that has a NUL byte. */
  constructor({ pattern, start }: FilePattern) {
    if (!isAbsolute(pattern) || pattern.includes('\0')) {
      throw new DropsetError('source', `${JSON.stringify(pattern)} is no absolute path; write one that begins with /`);
    }
    this.text = normalize(pattern).replace(/(?<=.)\/$/, '');
    this.start = start;
    this.hasGlob = isGlob(this.text);
    const names = this.text.split('/').slice(1);
    this.#components = names.map((name) => new Glob(name));
  }

  matches(path: string): boolean {
    const names = path.split('/').slice(1);
    return (
      names.length === this.#components.length && this.#components.every((glob, i) => glob.matches(names[i] as string))
    );
  }

  /** The paths that it leads to now: those that exist of a glob, in order of their names; always the one path of others. */
  *paths(visit: Visit): Generator<string> {
    const found = below('/', this.#components, visit);
    if (this.hasGlob) return yield* found;
    Array.from(found);
    yield this.text;
  }
}

function* below(directory: string, [wanted, ...rest]: readonly Glob[], visit: Visit): Generator<string> {
  if (!wanted) return;
  visit(directory, wanted);
  for (const name of namesIn(directory, wanted)) {
    const path = join(directory, name);
    if (rest.length === 0) yield path;
    else if (isDirectory(path)) yield* below(path, rest, visit);
  }
}

/** What cannot be listed has no names: that is told as the absence of files. */
function namesIn(directory: string, wanted: Glob): string[] {
  try {
    if (isGlob(wanted.text))
      return readdirSync(directory)
        .filter((name) => wanted.matches(name))
        .sort();
    return lstatSync(join(directory, wanted.text), { throwIfNoEntry: false }) ? [wanted.text] : [];
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
