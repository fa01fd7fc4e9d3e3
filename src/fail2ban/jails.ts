import { join } from 'node:path';
import { DropsetError } from '../model/errors.js';
import type { Configuration } from './configuration.js';
import { Files } from './file.js';
import { configurationOf, fileSet } from './file-set.js';
import type { JailDefinition } from './jail-definition.js';
import { type JailContext, readJail } from './jail-reader.js';
import { readServices } from './services.js';

export interface Jails {
  /** The enabled ones, in the order of the files. */
  readonly jails: readonly JailDefinition[];
  /** Sentences: jails that were left out, files that could not be read, values that a default was taken for. */
  readonly faults: readonly string[];
}

export interface JailsOptions {
  /** The file that port names are looked up in. */
  readonly services?: string;
}

/** The version whose dialect this is, as `%(fail2ban_version)s` gives it to user agents and mails. */
const VERSION = '1.0.2';

/**
 * Reads all enabled jails of a fail2ban configuration: `jail.conf`, `jail.d/*.conf`, `jail.local`, `jail.d/*.local`,
 * with the filters and actions that they name. A jail that is broken is a fault, and the others go on.
 *
 * @param directory as `/etc/fail2ban`.
 * @throws DropsetError `config`, where the jails' files themselves cannot be read: nobody knows what they would have
 * said.
 */
export function loadJails(directory: string, { services }: JailsOptions = {}): Jails {
  const faults: string[] = [];
  const files = new Files((fault) => faults.push(`${fault}; it is left out`));
  const context = { configuration: read(directory, files), directory, files, services: readServices(services) };
  const names = context.configuration.sections.filter((name) => name !== 'INCLUDES');
  const jails = names.flatMap((name) => tried(name, context, faults) ?? []);
  return { jails, faults };
}

function read(directory: string, files: Files): Configuration {
  const paths = fileSet(join(directory, 'jail'));
  if (paths.length === 0) throw new DropsetError('config', `there is no jail.conf and no jail.local in ${directory}`);
  const configuration = configurationOf(paths, files);
  configuration.setDefault('fail2ban_version', VERSION);
  configuration.setDefault('fail2ban_confpath', directory.replace(/\/+$/, ''));
  return configuration;
}

function tried(name: string, context: JailContext, faults: string[]): JailDefinition | undefined {
  try {
    return readJail(name, context, (sentence) => faults.push(`jail '${name}': ${sentence}`));
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
    faults.push(`jail '${name}' is left out: ${thrown.message}`);
    return undefined;
  }
}
