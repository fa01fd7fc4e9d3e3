import type { Config, JailConfig, SourceConfig } from '../config/config.js';
import { countMatching } from './matching-files.js';

/** A jail as it would run. */
export interface JailOverview {
  readonly name: string;
  readonly origin: string;
  readonly filter: string;
  readonly sources: readonly SourceOverview[];
  readonly maxretry: number;
  /** Seconds. */
  readonly findtime: number;
  /** Seconds; null is for ever. */
  readonly bantime: number | null;
  readonly scope: string;
  readonly ignoreip: readonly string[];
  readonly ignoreself: boolean;
}

export interface SourceOverview {
  readonly kind: SourceConfig['kind'];
  /** `/var/log/auth.log*`, `journal _SYSTEMD_UNIT=ssh.service`. */
  readonly name: string;
  /** Files that are there now; absent for sources that are none. */
  readonly files?: number;
}

export const overviewOf = ({ jails }: Config): JailOverview[] => jails.map(overview);

function overview(jail: JailConfig): JailOverview {
  const { name, origin, filter, maxretry, findtime, bantime, scope, ignoreip, ignoreself } = jail;
  return {
    name,
    origin,
    filter: filter.name,
    sources: jail.sources.map(sourceOverview),
    maxretry,
    findtime: findtime / 1000,
    bantime: bantime === null ? null : bantime / 1000,
    scope: scope.kind === 'all' ? 'all' : `${scope.protocol} ports ${scope.ports}`,
    ignoreip,
    ignoreself,
  };
}

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
