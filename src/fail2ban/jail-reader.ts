import { DropsetError } from '../model/errors.js';
import { parseSeconds } from '../model/seconds.js';
import { readActions } from './actions.js';
import { type Backend, parseBackend } from './backend.js';
import type { Configuration } from './configuration.js';
import type { Files } from './file.js';
import { incrementOf } from './increment.js';
import type { IgnoreCache, JailDefinition, UseDns } from './jail-definition.js';
import { JailFilter } from './jail-filter.js';
import { JailOptions, type Warn } from './jail-options.js';
import { parseLogPaths } from './log-path.js';
import { parseBoolean, parseInteger } from './numbers.js';
import { parseReference } from './reference.js';
import type { Services } from './services.js';
import { splitWords } from './words.js';

export interface JailContext {
  readonly configuration: Configuration;
  /** fail2ban's own folder. */
  readonly directory: string;
  readonly files: Files;
  readonly services: Services;
}

/** What fail2ban's server starts with, where no file says anything (server/filter.py, failmanager.py, actions.py). */
const MAXRETRY = 3;
const MAXMATCHES = 5;
const FINDTIME = 600;
const BANTIME = 600;
const CACHE_COUNT = 100;
const CACHE_SECONDS = 300;

/**
 * Puts one jail together, as client/jailreader.py does: its first options, the filter with them, the filter's options
 * as `known/*`, all options, the filter once more below them, the actions.
 *
 * @param warn takes a sentence about what fail2ban passes over with a default.
 * @returns undefined for a jail that is not enabled.
 * @throws DropsetError, for what makes the jail a broken one.
 */
export function readJail(name: string, context: JailContext, warn: Warn): JailDefinition | undefined {
  const { configuration, directory, files } = context;
  const first = JailOptions.first(configuration, name, warn);
  if (first.text('enabled') !== 'True') return undefined;
  const filter = new JailFilter(first.text('filter') ?? '', name, directory, files);
  filter.announce(first.values, configuration);
  const options = new JailOptions(configuration, name, warn);
  const definition = filter.definition(options.values, configuration);
  const backend = options.parsed('backend', parseBackend);
  return {
    name,
    origin: options.origin,
    filter: definition,
    backend,
    ...sourcesOf(options, backend),
    ...limitsOf(options),
    usedns: useDnsOf(options, definition.usedns, warn),
    ...exemptionsOf(options),
    actions: options.parsed('action', (list) => readActions(list, { ...context, jail: name, options: options.values })),
  };
}

type Sources = Pick<JailDefinition, 'logpath' | 'skipIfNoLogs' | 'logencoding' | 'logtimezone'>;

function sourcesOf(options: JailOptions, backend: Backend): Sources {
  const logtimezone = options.text('logtimezone');
  return {
    logpath: backend.name === 'systemd' ? [] : options.parsed('logpath', parseLogPaths),
    skipIfNoLogs: parseBoolean(options.text('skip_if_nologs') ?? ''),
    logencoding: options.text('logencoding') || 'auto',
    ...(logtimezone && { logtimezone }),
  };
}

type Limits = Pick<JailDefinition, 'maxretry' | 'maxmatches' | 'findtime' | 'bantime' | 'increment'>;

const limitsOf = (options: JailOptions): Limits => ({
  maxretry: options.integer('maxretry') ?? MAXRETRY,
  maxmatches: options.integer('maxmatches') ?? MAXMATCHES,
  findtime: options.seconds('findtime') ?? FINDTIME,
  bantime: options.seconds('bantime') ?? BANTIME,
  increment: incrementOf(options),
});

type Exemptions = Pick<JailDefinition, 'ignoreip' | 'ignoreself' | 'ignorecommand' | 'ignorecache'>;

function exemptionsOf(options: JailOptions): Exemptions {
  const ignorecommand = options.text('ignorecommand');
  const ignorecache = options.parsed('ignorecache', parseIgnoreCache);
  return {
    ignoreip: splitWords(options.text('ignoreip') ?? ''),
    ignoreself: options.text('ignoreself') !== 'False',
    ...(ignorecommand && { ignorecommand }),
    ...(ignorecache && { ignorecache }),
  };
}

function parseIgnoreCache(text: string): IgnoreCache | undefined {
  if (text === '') return undefined;
  const { parameters } = parseReference(`cache[${text}]`);
  const key = parameters.get('key');
  if (!key) throw new DropsetError('config', `'${text}' has no key; write key="<ip>", max-count=100, max-time=5m`);
  const time = parameters.get('max-time');
  return {
    key,
    maxCount: parseInteger(parameters.get('max-count') ?? '') ?? CACHE_COUNT,
    maxTime: time === undefined ? CACHE_SECONDS : parseSeconds(time),
  };
}

/** As fail2ban, takes what it does not know for `no`. */
function useDnsOf(options: JailOptions, text = 'warn', warn: Warn): UseDns {
  const lower = text.toLowerCase();
  if (lower === 'yes' || lower === 'warn' || lower === 'no' || lower === 'raw') return lower;
  warn(`${options.place('usedns')} = ${text} is none of yes, warn, no, raw; no is taken`);
  return 'no';
}
