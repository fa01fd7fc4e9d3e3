import { readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { DropsetError } from '../model/errors.js';
import { Configuration } from './configuration.js';
import type { Files } from './file.js';
import type { Ini } from './ini.js';

/** Includes within includes at most; fail2ban's own go three deep. */
const DEPTH = 50;

/**
 * Files behind one name at most, each time counted: an include that includes itself under ever new names has no other
 * end.
 */
const FILES = 1000;

/**
 * What belongs to the name `base` (a path without its extension), in the order in which later files win:
 * `base.conf`, `base.d/*.conf`, `base.local`, `base.d/*.local`. Only what is there.
 */
export function fileSet(base: string): string[] {
  const inside = namesIn(`${base}.d`);
  const dropIns = (extension: string): string[] =>
    inside.filter((name) => name.endsWith(extension)).map((name) => join(`${base}.d`, name));
  return [`${base}.conf`, ...dropIns('.conf'), `${base}.local`, ...dropIns('.local')].filter(exists);
}

/**
 * Reads files and merges them: each with what its `[INCLUDES]` name `before` and `after` it, each with its `x.local`
 * behind it. Includes that are not there are left out, as in fail2ban.
 *
 * @throws DropsetError `config`: a fault in one of the files, or includes without an end.
 */
export function configurationOf(paths: readonly string[], files: Files): Configuration {
  const includes = new Includes(files);
  return Configuration.of(includes.expand(paths, []), includes.missing);
}

class Includes {
  readonly missing: string[] = [];
  readonly #files: Files;
  #count = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  expand(paths: readonly string[], seen: readonly string[]): Ini[] {
    return paths.flatMap((path) => this.#withLocal(path, paths)).flatMap((path) => this.#around(path, seen));
  }

  #withLocal(path: string, paths: readonly string[]): string[] {
    const local = path.replace(/(?<=[^/.])\.[^/.]*$/, '').concat('.local');
    return !paths.includes(local) && exists(local) ? [path, local] : [path];
  }

  #around(path: string, seen: readonly string[]): Ini[] {
    if (++this.#count > FILES || seen.length > DEPTH)
      throw new DropsetError('config', `${path}: the includes have no end`);
    const ini = this.#files.read(path);
    if (!ini) {
      this.missing.push(path);
      return [];
    }
    const configuration = Configuration.of([ini]);
    const named = (option: string): Ini[] =>
      (configuration.get('INCLUDES', option) ?? '')
        .split('\n')
        .filter((name) => name !== '')
        // Not normalized: the loops are found by the very text.
        .map((name) => (isAbsolute(name) ? name : `${dirname(path)}/${name}`))
        .filter((include) => !seen.includes(include))
        .flatMap((include) => this.expand([include], [...seen, path]));
    return [...named('before'), ini, ...named('after')];
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith('.'))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch {
    return [];
  }
}

export const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
