import { parse, TomlError } from 'smol-toml';
import { DropsetError } from '../model/errors.js';
import { errorOf } from './faults.js';
import { readConfigFile } from './file.js';
import { Places } from './locate.js';
import { resolve } from './resolve.js';
import type { Config, Settings } from './types.js';
import { validate } from './validate.js';

export type * from './types.js';

/**
 * Reads dropset.toml and everything that it names.
 *
 * @throws DropsetError `config`, whose message lists every fault, one a line; or `filter`.
 */
export const loadConfig = (path: string): Config => parseConfig(readConfigFile(path), path);

/** As `loadConfig`, for a text that has been read. @param path what the faults call the file. */
export const parseConfig = (text: string, path: string): Config => ({
  ...resolve(parseSettings(text, path)),
  file: { path, text },
});

/** Reads dropset.toml alone. @throws DropsetError `config` */
export const loadSettings = (path: string): Settings => parseSettings(readConfigFile(path), path);

/**
 * Validates the text of dropset.toml.
 *
 * @param path what the faults call the file.
 * @throws DropsetError `config`: every fault, one a line, as `FILE:LINE: section.key: what is wrong; expected what`.
 *   Text that is no TOML is one fault: `FILE:LINE:COLUMN: what the parser says`.
 */
export function parseSettings(text: string, path: string): Settings {
  const { settings, faults } = validate(parseToml(text, path));
  if (settings) return settings;
  throw errorOf(faults, path, new Places(text));
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message goes on with an extract, which may be as long as the file.
    const word = (error.message.split('\n', 1)[0] as string).replace(/^Invalid TOML document: /, '');
    throw new DropsetError('config', `${path}:${error.line}:${error.column}: ${word}`, { cause: error });
  }
}
