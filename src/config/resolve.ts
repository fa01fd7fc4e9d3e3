import { loadFilter } from '../fail2ban/filter.js';
import type { Expression, FilterDefinition } from '../model/definition.js';
import { adoptJails } from './adopt.js';
import { filterDirectories } from './directories.js';
import type { Config, JailConfig, JailSettings, Settings, SourceConfig } from './types.js';

/**
 * Reads what the settings name: filters, and the jails of a fail2ban tree.
 *
 * @throws DropsetError `filter`, where a jail of the settings names a filter that cannot be used.
 */
export function resolve(settings: Settings): Config {
  const { service, backend, never, fail2ban } = settings;
  const directories = filterDirectories(fail2ban?.directory);
  const own = settings.jails.map((jail) => jailOf(jail, directories));
  const names = new Set(own.map(({ name }) => name));
  const adopted = fail2ban ? adoptJails(fail2ban.directory, names) : { jails: [], notes: [] };
  return { service, backend, never, jails: [...own, ...adopted.jails], notes: adopted.notes };
}

function jailOf({ filter, datepattern, maxlines, ...rest }: JailSettings, directories: readonly string[]): JailConfig {
  const definition =
    typeof filter === 'string'
      ? loadFilter(filter, { directories, logtype: hasDates(rest.sources) ? 'file' : 'journal' })
      : inline(rest.name, filter);
  const own = {
    ...definition,
    ...(datepattern !== undefined && { datepattern }),
    ...(maxlines !== undefined && { maxlines }),
  };
  const sources = rest.sources.map((source) => withMatches(source, own));
  return { ...rest, origin: 'dropset.toml', filter: own, sources, scope: { kind: 'all' } };
}

const hasDates = (sources: readonly SourceConfig[]): boolean =>
  sources.every(({ kind }) => kind === 'file' || kind === 'stdin');

/** A jail that reads the journal and does not say what of it reads what its filter is for. */
const withMatches = (source: SourceConfig, { journalmatch }: FilterDefinition): SourceConfig =>
  source.kind === 'journal' && source.matches.length === 0 ? { ...source, matches: journalmatch } : source;

function inline(name: string, filter: Exclude<JailSettings['filter'], string>): FilterDefinition {
  const expression = (text: string): Expression => ({ text, origin: `jail ${name}` });
  return {
    name,
    origin: `jail ${name}`,
    ...(filter.prefregex !== undefined && { prefregex: expression(filter.prefregex) }),
    failregex: filter.failregex.map(expression),
    ignoreregex: filter.ignoreregex.map(expression),
    maxlines: 1,
    journalmatch: [],
  };
}
