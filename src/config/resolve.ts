import { loadFilter } from '../fail2ban/filter.js';
import type { Expression, FilterDefinition } from '../model/definition.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { adoptJails } from './adopt.js';
import { filterDirectories } from './directories.js';
import { chosenSources } from './preset.js';
import { textOf } from './scope.js';
import type { Config, JailConfig, JailSettings, Settings, SourceConfig } from './types.js';

/**
 * Reads what the settings name: filters, and the jails of a fail2ban tree.
 *
 * @throws DropsetError `filter`, where jails of the settings name filters that cannot be used: all of them, a paragraph each.
 */
export function resolve(settings: Settings): Config {
  const { config, faults } = resolveAll(settings);
  const [first] = faults;
  if (!first) return config;
  throw faults.length === 1 ? first : new DropsetError(first.code, faults.map(messageOf).join('\n'), { cause: first });
}

/** As `resolve`, but answers what would run beside what is wrong. */
export function resolveAll(settings: Settings): { readonly config: Config; readonly faults: readonly DropsetError[] } {
  const { service, log, backend, backends, metrics, never, guard, fail2ban, hooks } = settings;
  const directories = filterDirectories(fail2ban?.directory);
  const faults: DropsetError[] = [];
  const collected = <T>(make: () => T, otherwise: T): T => {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof DropsetError)) throw thrown;
      faults.push(thrown);
      return otherwise;
    }
  };
  const own = settings.jails.flatMap((jail) =>
    collected<JailConfig[]>(() => [jailOf(jail, directories, settings)], []),
  );
  const names = new Set(settings.jails.map(({ name }) => name));
  const none = { jails: [], notes: [] };
  const adopted = fail2ban
    ? collected(() => adoptJails(fail2ban.directory, names, { scope: fail2ban.scope, mode: service.mode }), none)
    : none;
  const jails = [...own, ...adopted.jails].map((jail) =>
    withUsers({ ...jail, prefix: { ...settings.prefix, ...jail.prefix } }, never.users),
  );
  const { notes } = adopted;
  return { config: { service, log, backend, backends, metrics, never, guard, jails, hooks, notes }, faults };
}

function jailOf(
  { filter, datepattern, maxlines, ports, mode, fallback, ...rest }: JailSettings,
  directories: readonly string[],
  { prefix, service }: Pick<Settings, 'prefix' | 'service'>,
): JailConfig {
  const found = chosenSources(rest.sources, fallback);
  const definition =
    typeof filter === 'string'
      ? loadFilter(filter, { directories, logtype: hasDates(found) ? 'file' : 'journal' })
      : inline(rest.name, filter);
  const own = {
    ...definition,
    ...(datepattern !== undefined && { datepattern }),
    ...(maxlines !== undefined && { maxlines }),
  };
  const sources = found.map((source) => withMatches(source, own));
  return {
    ...rest,
    origin: rest.preset === undefined ? 'dropset.toml' : `dropset.toml, preset ${rest.preset}`,
    ignoreip: [...rest.ignoreip, ...(rest.trustedProxies ?? [])],
    filter: own,
    sources,
    scope: textOf(ports, mode ?? service.mode),
    prefix: { ...prefix, ...rest.prefix },
  };
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

/** Everybody's good users are each jail's. */
const withUsers = (jail: JailConfig, users: readonly string[]): JailConfig =>
  users.length === 0 ? jail : { ...jail, ignoreuser: [...new Set([...users, ...(jail.ignoreuser ?? [])])] };
