import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { JailDefinition, LogPath } from '../fail2ban/jail-definition.js';
import { loadJails } from '../fail2ban/jails.js';
import type { FilterDefinition } from '../model/definition.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { isReserved } from '../model/street.js';
import { escalationFrom } from './escalation.js';
import { encodingOf } from './fields.js';
import { notesOf } from './notes.js';
import { adoptedPorts, type Mode, textOf } from './scope.js';
import type { Fail2banSettings, JailConfig, SourceConfig } from './types.js';

/** What bans of a tree are about. */
export interface ScopeTerms extends Pick<Fail2banSettings, 'scope'> {
  readonly mode: Mode;
}

/**
 * The enabled jails of a fail2ban tree, as dropset runs them, and sentences about what it does not do as fail2ban would.
 *
 * @param own names of the jails of dropset.toml, which win.
 * @throws DropsetError `config` if there are no jails to read at all.
 */
export function adoptJails(
  directory: string,
  own: ReadonlySet<string> = new Set(),
  wanted: ScopeTerms = { scope: 'all', mode: 'drop' },
): { jails: readonly JailConfig[]; notes: readonly string[] } {
  const { jails, faults } = loadJails(directory);
  const left: string[] = [];
  const adopted = jails.flatMap((definition) => {
    const { name, origin } = definition;
    try {
      if (!own.has(name)) return [{ definition, jail: jailOf(definition, scopeOf(definition, wanted)) }];
      left.push(`jail '${name}' is that of dropset.toml; the one of ${origin} is left out`);
    } catch (error) {
      left.push(`jail '${name}' is left out: ${messageOf(error)}`);
    }
    return [];
  });
  const definitions = adopted.map(({ definition }) => definition);
  const notes = notesOf(definitions, wanted.scope);
  return { jails: adopted.map(({ jail }) => jail), notes: [...faults.map(firstLine), ...left, ...notes] };
}

/** What follows lists every filter that there is. */
const firstLine = (fault: string): string => fault.split('\n', 1)[0] as string;

function jailOf(definition: JailDefinition, scope: string): JailConfig {
  const { name, origin, filter, maxretry, findtime, bantime, usedns, ignoreself, ignorecommand } = definition;
  if (isReserved(name)) {
    throw new DropsetError(
      'config',
      `${origin}: the name is reserved for people's own bans and for lists; call it otherwise`,
    );
  }
  const isRecidive = isRecidiveFilter(definition);
  const sources = isRecidive ? [] : sourcesOf(definition);
  const escalation = escalationFrom(definition.increment);
  if (sources.length === 0 && !isRecidive) throw new DropsetError('config', `${origin}: it has no logpath`);
  return {
    ...{ name, origin, sources, maxretry: Math.max(1, maxretry), usedns, ignoreself },
    filter: isRecidive ? withoutExpressions(filter) : filter,
    findtime: milliseconds(findtime),
    bantime: bantime < 0 ? null : milliseconds(bantime),
    ...(escalation && { escalation }),
    ...(isRecidive && { recidive: ['*'] }),
    encoding: encodingFor(definition),
    ...(definition.logtimezone !== undefined && { timezone: definition.logtimezone }),
    ignoreip: definition.ignoreip.flatMap(exempted),
    ...(ignorecommand !== undefined && { ignorecommand }),
    scope,
  };
}

/** fail2ban's own log is what that filter reads. */
const isRecidiveFilter = ({ filter }: JailDefinition): boolean => /^recidive(?:\[|$)/.test(filter.name);

const withoutExpressions = ({ name, origin, maxlines }: FilterDefinition): FilterDefinition => ({
  ...{ name, origin, maxlines, failregex: [], ignoreregex: [], journalmatch: [] },
});

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

function sourcesOf({ backend, logpath, filter, origin }: JailDefinition): SourceConfig[] {
  if (backend.name !== 'systemd') {
    return logpath.map((path) => fileOf(path, origin));
  }
  const { path, files, namespace } = backend.journal ?? {};
  return [
    {
      kind: 'journal',
      matches: filter.journalmatch,
      ...(path !== undefined && { directory: path }),
      ...(files && { files }),
      ...(namespace !== undefined && { namespace }),
    },
  ];
}

function fileOf({ pattern, from }: LogPath, origin: string): SourceConfig {
  if (isAbsolute(pattern)) return { kind: 'file', pattern, start: from === 'tail' ? 'end' : 'since' };
  throw new DropsetError('config', `${origin}: logpath '${pattern}' is no absolute path; write one that begins with /`);
}

function encodingFor({ logencoding, origin }: JailDefinition): string {
  const encoding = encodingOf(logencoding);
  if (encoding) return encoding;
  throw new DropsetError('config', `${origin}: logencoding '${logencoding}' is no encoding that is known`);
}

/**
 * `192.0.2.0/255.255.255.0` and `file:PATH` become prefixes; names stay.
 *
 * @throws the errno of reading a file, and DropsetError `config` for a mask that is none: to guess one could spare everybody.
 */
function exempted(entry: string): string[] {
  if (entry.startsWith('file:')) return fileEntries(entry.slice('file:'.length)).flatMap(exempted);
  const [, address, mask] = /^([\d.]+)\/(\d+\.\d+\.\d+\.\d+)$/.exec(entry) ?? [];
  return address && mask ? [`${address}/${lengthOf(mask)}`] : [entry];
}

const fileEntries = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => line.replace(/(?:^|\s)[#;].*/, '').match(/[^\s,]+/g) ?? [])
    .filter((entry) => !entry.startsWith('file:'));

/** Bits that are set in a mask. */
function lengthOf(mask: string): number {
  const [, ones] = /^(1*)0*$/.exec(mask.split('.').map(octet).join('')) ?? [];
  if (ones !== undefined && Prefix.tryParse(mask)) return ones.length;
  throw new DropsetError('config', `ignoreip has the mask ${mask}, which is none; write a length, as in 192.0.2.0/24`);
}

const octet = (part: string): string => Number(part).toString(2).padStart(8, '0');

/** What all of a jail's ban actions close together, or all traffic where that cannot be told by ports: see `portlessNotes`. */
function scopeOf({ actions }: JailDefinition, { scope, mode }: ScopeTerms): string {
  if (scope === 'all') return textOf([], mode);
  try {
    return textOf(adoptedPorts(actions.bans.map((action) => action.scope)), mode);
  } catch (thrown) {
    if (thrown instanceof DropsetError) return textOf([], mode);
    throw thrown;
  }
}
