import { readFileSync } from 'node:fs';
import type { Scope as Ports } from '../fail2ban/actions.js';
import type { JailDefinition } from '../fail2ban/jail-definition.js';
import { loadJails } from '../fail2ban/jails.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { encodingOf } from './fields.js';
import { notesOf } from './notes.js';
import type { JailConfig, Scope, SourceConfig } from './types.js';

/**
 * The enabled jails of a fail2ban tree, as dropset runs them, and sentences about what it does not do as fail2ban would.
 *
 * @throws DropsetError `config` if there are no jails to read at all.
 */
export function adoptJails(directory: string): { jails: readonly JailConfig[]; notes: readonly string[] } {
  const { jails, faults } = loadJails(directory);
  const notes = [...faults, ...notesOf(jails)];
  const adopted = jails.flatMap((definition) => {
    try {
      return jailOf(definition);
    } catch (error) {
      notes.push(`jail '${definition.name}' is left out: ${messageOf(error)}`);
      return [];
    }
  });
  return { jails: adopted, notes };
}

function jailOf(definition: JailDefinition): JailConfig {
  const { name, origin, filter, maxretry, findtime, bantime, usedns, ignoreself, ignorecommand } = definition;
  const sources = sourcesOf(definition);
  if (sources.length === 0) throw new DropsetError('config', `${origin}: it has no logpath`);
  return {
    ...{ name, origin, filter, sources, maxretry: Math.max(1, maxretry), usedns, ignoreself },
    findtime: milliseconds(findtime),
    bantime: bantime < 0 ? null : milliseconds(bantime),
    encoding: encodingFor(definition),
    ...(definition.logtimezone !== undefined && { timezone: definition.logtimezone }),
    ignoreip: definition.ignoreip.flatMap(exempted),
    ...(ignorecommand !== undefined && { ignorecommand }),
    scope: scopeOf(definition.actions.bans.map(({ scope }) => scope)),
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

function sourcesOf({ backend, logpath, filter }: JailDefinition): SourceConfig[] {
  if (backend.name !== 'systemd') {
    return logpath.map(({ pattern, from }) => ({ kind: 'file', pattern, start: from === 'tail' ? 'end' : 'since' }));
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

function encodingFor({ logencoding, origin }: JailDefinition): string {
  const encoding = encodingOf(logencoding);
  if (encoding) return encoding;
  throw new DropsetError('config', `${origin}: logencoding '${logencoding}' is no encoding that is known`);
}

/** `192.0.2.0/255.255.255.0` and `file:PATH` become prefixes; names stay. @throws the errno of reading a file. */
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
  const bits = Prefix.tryParse(mask) && mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  const length = bits?.join('').indexOf('0') ?? 0;
  return length < 0 ? 32 : length;
}

/** What all of a jail's ban actions close together. */
function scopeOf(scopes: readonly Ports[]): Scope {
  const [first] = scopes;
  if (!first || scopes.some(({ kind }) => kind === 'all') || first.kind === 'all') return { kind: 'all' };
  return { kind: 'ports', protocol: first.protocols.join(','), ports: first.ports };
}
