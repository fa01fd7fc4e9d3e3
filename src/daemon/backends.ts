import type { Backend } from '../backends/backend.js';
import { DenyfileBackend } from '../backends/denyfile/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import { NftablesBackend } from '../backends/nftables/backend.js';
import type { DropLog } from '../backends/nftables/drop-log.js';
import { RouteBackend } from '../backends/route/backend.js';
import { XdpBackend } from '../backends/xdp/backend.js';
import type { BackendChoice, BackendConfig, LogConfig } from '../config/config.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { GROUP, HANDED_UP } from './dropped-log.js';

type Logging = Pick<LogConfig, 'dropped' | 'prefix' | 'rate' | 'burst'>;

export interface Surroundings {
  readonly allow: readonly Prefix[];
  /** Is told what an operator should know. */
  readonly say: (level: 'info' | 'warning', sentence: string) => void;
  readonly clock?: Clock;
  /** The descriptor that an earlier run's nftables kept, if it is there. */
  readonly inherited?: number | undefined;
  /** Of packets that are dropped; none where absent. */
  readonly logging?: Logging;
}

/** A backend that the configuration names, not open yet. */
export function backendOf({ kind, file }: BackendChoice, config: BackendConfig, around: Surroundings): Backend {
  const { allow, say, clock = systemClock, inherited, logging } = around;
  if (kind === 'nftables') return new NftablesBackend({ ...config, allow, clock, inherited, log: dropLog(logging) });
  if (kind === 'xdp') return new XdpBackend({ ...config, allow, say, clock });
  const { size } = config;
  if (kind === 'route') return new RouteBackend({ table: config.routeTable, size, allow, clock });
  if (file) return new DenyfileBackend({ ...file, size, allow, say, clock });
  return new MemoryBackend({ size, allow, clock });
}

/** Why no packet is logged though that is wanted. */
export const unlogged = (choices: readonly BackendChoice[], { dropped }: Pick<LogConfig, 'dropped'>): string[] =>
  dropped === 'off' || choices.some(({ kind }) => kind === 'nftables')
    ? []
    : [
        `[log] dropped is for the backend nftables: with ${choices.map(({ name }) => name).join(', ')} no packet is logged; see dropset top`,
      ];

function dropLog(logging: Logging | undefined): DropLog | undefined {
  if (!logging || logging.dropped === 'off') return undefined;
  const { dropped, prefix, rate, burst } = logging;
  if (dropped === 'service') return { prefix: 'dropset: ', group: GROUP, ...HANDED_UP };
  return { prefix, rate, burst, ...(dropped !== 'kernel' && { group: dropped }) };
}
