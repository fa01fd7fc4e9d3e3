import { describeSource } from '../config/describe.js';
import type { JailConfig, SourceConfig } from '../config/types.js';
import { DropsetError } from '../model/errors.js';
import { PathPattern } from '../sources/pattern.js';
import type { OpenLog } from './open-log.js';

/** What logrotate and others put behind a name: `.1`, `-20261121`, `.2026-11-21`, `.old`, and `.gz` behind that. */
const ROTATED = /(?:[.-](?:\d{1,4}|\d{4}-?\d\d-?\d\d(?:[-_T.]?\d{1,10})?|old))?(?:\.gz)?$/;

/**
 * The jails that read a log in the service, by its path, rotated files included; those that were named where there is none among them
 * that does.
 *
 * @param named names of jails; all where it is empty.
 * @throws DropsetError `source`, where nobody reads it.
 */
export function readersOf(log: OpenLog, jails: readonly JailConfig[], named: readonly string[]): readonly JailConfig[] {
  const reading = jails.filter(({ recidive }) => !recidive);
  const wanted = named.length === 0 ? reading : reading.filter(({ name }) => named.includes(name));
  const readers = wanted.filter(({ sources }) => sources.some((source) => isSource(source, log)));
  if (readers.length > 0) return readers;
  if (wanted.length > 0 && named.length > 0) return wanted;
  const all = reading.map(({ name, sources }) => `  ${name} reads ${sources.map(describeSource).join(', ')}`);
  throw new DropsetError('source', [`${why(log, jails, named)}; name one with --jail`, ...all].join('\n'));
}

/** Jails that count bans in place of lines: those that were named, all where nobody was. */
export const countersOf = (jails: readonly JailConfig[], named: readonly string[]): readonly JailConfig[] =>
  jails.filter(({ name, recidive }) => recidive && (named.length === 0 || named.includes(name)));

function why({ name }: OpenLog, jails: readonly JailConfig[], named: readonly string[]): string {
  if (named.length > 0) return `${named.join(', ')} count${named.length === 1 ? 's' : ''} bans of others, and no lines`;
  return jails.length === 0 ? 'the configuration has no jail' : `no jail reads ${name}`;
}

function isSource(source: SourceConfig, { path, kind }: OpenLog): boolean {
  if (kind === 'journal') return source.kind === 'journal';
  if (path === undefined) return source.kind === 'stdin';
  const paths = [path, path.replace(/\.gz$/, ''), path.replace(ROTATED, '')];
  if (source.kind === 'btmp') return kind === 'btmp' && paths.includes(source.path);
  if (source.kind !== 'file') return false;
  const pattern = new PathPattern(source);
  return paths.some((one) => pattern.matches(one));
}
