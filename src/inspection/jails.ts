import type { Config, JailConfig, SourceConfig } from '../config/config.js';
import { describeCounted } from '../config/describe.js';
import { formatDuration } from '../model/duration.js';
import type { Escalation } from '../model/escalation.js';
import type { SiegeTerms } from '../model/siege.js';
import { countMatching } from './matching-files.js';

/** A jail as it would run. */
export interface JailOverview {
  readonly name: string;
  readonly origin: string;
  /** Whose settings it has where its own section says nothing. */
  readonly preset?: string;
  readonly filter: string;
  readonly sources: readonly SourceOverview[];
  readonly maxretry: number;
  /** Seconds. */
  readonly findtime: number;
  /** Seconds; null is for ever. */
  readonly bantime: number | null;
  /** How bans grow: `x2 each return, at most 30d`; absent where they do not. */
  readonly escalation?: string;
  /** Until when bans are extended. */
  readonly extends?: string;
  /** When one failure is enough: `over 100 offenders, or 20 against one user, in 10m, until 30m are calm`; absent for never. */
  readonly siege?: string;
  /** Lengths of the prefixes that are counted and banned: `/32, IPv6 /64`. */
  readonly prefix?: string;
  readonly scope: string;
  readonly ignoreip: readonly string[];
  readonly ignoreself: boolean;
  /** Proxies whose X-Forwarded-For is believed; absent where there are none. */
  readonly trusted_proxies?: readonly string[];
  /** Where its bans go; absent where there is one backend for all. */
  readonly backends?: readonly string[];
  /** Packets that its bans drop are not written down. */
  readonly log?: false;
}

export interface SourceOverview {
  readonly kind: SourceConfig['kind'] | 'bans';
  /** `/var/log/auth.log*`, `journal _SYSTEMD_UNIT=ssh.service`. */
  readonly name: string;
  /** Files that are there now; absent for sources that are none. */
  readonly files?: number;
}

export function overviewOf({ jails, backends }: Pick<Config, 'jails' | 'backends'>): JailOverview[] {
  const names = backends.map((choice) => choice.name);
  return jails.map((jail) => ({
    ...overview(jail),
    ...(names.length > 1 && { backends: jail.backends ?? names }),
    ...(jail.log === false && { log: false as const }),
  }));
}

function overview(jail: JailConfig): JailOverview {
  const { name, origin, preset, filter, maxretry, findtime, bantime, escalation, prefix, scope, trustedProxies } = jail;
  const { ignoreip, ignoreself } = jail;
  return {
    name,
    origin,
    ...(preset !== undefined && { preset }),
    filter: filter.name,
    sources: [
      ...jail.sources.map(sourceOverview),
      ...(jail.recidive ?? []).map((counted) => ({ kind: 'bans' as const, name: describeCounted(counted) })),
    ],
    ...(prefix && { prefix: `/${prefix[4]}, IPv6 /${prefix[6]}` }),
    ...(escalation && { escalation: describeEscalation(escalation) }),
    ...(jail.extend && { extends: `while packets come, at most ${formatDuration(jail.extend.atMost)} in all` }),
    ...(jail.siege && { siege: describeSiege(jail.siege) }),
    maxretry,
    findtime: findtime / 1000,
    bantime: bantime === null ? null : bantime / 1000,
    scope,
    ignoreip,
    ignoreself,
    ...(trustedProxies && { trusted_proxies: trustedProxies }),
  };
}

/** In a few words. */
export function describeEscalation({ growth, max, decay, random, rndtime = 0, across }: Escalation): string {
  const grows = {
    factor: () => (growth.kind === 'factor' ? `x${growth.factor} each return` : ''),
    multipliers: () => (growth.kind === 'multipliers' ? `x${listed(growth.multipliers.map(String))}` : ''),
    durations: () => (growth.kind === 'durations' ? listed(growth.durations.map(time)) : ''),
  }[growth.kind]();
  return [
    grows,
    max === undefined ? '' : `at most ${formatDuration(max)}`,
    decay === undefined ? '' : `a step less every ${formatDuration(decay)}`,
    random > 0 ? `up to ${Math.round(random * 100)} % more by chance` : '',
    rndtime > 0 ? `up to ${formatDuration(rndtime)} more by chance` : '',
    across ? 'bans of all jails count' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** In a few words. */
const describeSiege = ({ offenders, userOffenders, window, calm }: SiegeTerms): string =>
  `over ${offenders} offenders, or ${userOffenders} against one user, in ${formatDuration(window)}, until ${formatDuration(calm)} are calm`;

const listed = (parts: readonly string[]): string =>
  parts.length <= 6 ? parts.join(', ') : `${parts.slice(0, 5).join(', ')}, ... ${parts.at(-1)}`;

const time = (span: number | null): string => (span === null ? 'for ever' : formatDuration(span));

function sourceOverview(source: SourceConfig): SourceOverview {
  const { kind } = source;
  switch (source.kind) {
    case 'file':
      return { kind, name: source.pattern, files: countMatching(source.pattern) };
    case 'btmp':
      return { kind, name: source.path, files: countMatching(source.path) };
    case 'journal':
      return { kind, name: `journal ${source.matches.join(' | ')}`.trim() };
    case 'syslog':
      return { kind, name: source.listen };
    case 'stdin':
      return { kind, name: 'standard input' };
  }
}
