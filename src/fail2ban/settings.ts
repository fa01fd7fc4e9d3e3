import { join } from 'node:path';
import { DropsetError } from '../model/errors.js';
import { parseSeconds } from '../model/seconds.js';
import { type Configuration, placeOf } from './configuration.js';
import { Files } from './file.js';
import { configurationOf, fileSet } from './file-set.js';
import { parseInteger } from './numbers.js';

/** What `fail2ban.conf` says of the service itself, as far as it means something to others. */
export interface Settings {
  /** The path of the database, or `:memory:`; absent where there is none. */
  readonly dbfile?: string;
  /** Seconds after which the database forgets. */
  readonly dbpurgeage: number;
  /** Matched lines that the database keeps for each ban. */
  readonly dbmaxmatches: number;
  /** `INFO`, `DEBUG`, a number. */
  readonly loglevel: string;
  /** A path, or `STDOUT`, `SYSLOG` and so on. */
  readonly logtarget: string;
  /** `auto`, `yes` or `no`, as written. */
  readonly allowipv6: string;
  /** The path of the socket that fail2ban-client talks to. */
  readonly socket: string;
}

const DBFILE = '/var/lib/fail2ban/fail2ban.sqlite3';

/**
 * Reads `fail2ban.conf`, `fail2ban.d/*.conf`, `fail2ban.local`, `fail2ban.d/*.local`. Where none is there, fail2ban's
 * own defaults stand.
 *
 * @throws DropsetError `config`.
 */
export function readSettings(directory: string): Settings {
  const configuration = configurationOf(fileSet(join(directory, 'fail2ban')), new Files());
  const text = (option: string, otherwise: string): string => configuration.get('Definition', option) ?? otherwise;
  const dbfile = text('dbfile', DBFILE);
  return {
    ...(!/^none$/i.test(dbfile) && { dbfile }),
    dbpurgeage: purgeAge(configuration),
    dbmaxmatches: parseInteger(text('dbmaxmatches', '')) ?? 10,
    loglevel: text('loglevel', 'INFO'),
    logtarget: text('logtarget', '/var/log/fail2ban.log'),
    allowipv6: text('allowipv6', 'auto'),
    socket: text('socket', '/var/run/fail2ban/fail2ban.sock'),
  };
}

function purgeAge(configuration: Configuration): number {
  const found = configuration.find('Definition', 'dbpurgeage');
  try {
    return parseSeconds(configuration.get('Definition', 'dbpurgeage') ?? '1d');
  } catch (thrown) {
    if (!found || !(thrown instanceof DropsetError)) throw thrown;
    throw new DropsetError('config', `${placeOf(found)}: dbpurgeage: ${thrown.message}`, { cause: thrown });
  }
}
