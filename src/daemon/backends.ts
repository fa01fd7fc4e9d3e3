import { closeSync } from 'node:fs';
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

type Logging = Pick<LogConfig, 'dropped' | 'prefix' | 'rate' | 'burst'>;

export interface Surroundings {
  /** Of packets that are dropped; none where absent. */
  readonly logging?: Logging | undefined;
  readonly allow: readonly Prefix[];
  /** Is told what an operator should know. */
  readonly say: (level: 'info' | 'warning', sentence: string) => void;
  readonly clock?: Clock;
  /** The descriptor that an earlier run's nftables kept, if it is there. */
  readonly inherited?: number | undefined;
}

/** A backend that the configuration names. */
export interface Chosen {
  readonly choice: BackendChoice;
  readonly backend: Backend;
}

/** All that the configuration names, in its order, not open yet. */
export function backendsOf(
  { backend: config, backends }: { readonly backend: BackendConfig; readonly backends: readonly BackendChoice[] },
  around: Surroundings,
): readonly [Chosen, ...Chosen[]] {
  const { logging, inherited, say } = around;
  if (!backends.some(({ kind }) => kind === 'nftables')) {
    if (inherited !== undefined) closeSync(inherited);
    const names = backends.map(({ name }) => name).join(', ');
    if ((logging?.dropped ?? 'off') !== 'off') {
      say('warning', `[log] dropped is for the backend nftables: with ${names} no packet is logged; see dropset top`);
    }
  }
  const chosen = backends.map((choice) => ({ choice, backend: backendOf(choice, config, around) }));
  return chosen as [Chosen, ...Chosen[]];
}

function backendOf({ kind, file }: BackendChoice, config: BackendConfig, around: Surroundings): Backend {
  const { logging, allow, say, clock = systemClock, inherited } = around;
  if (kind === 'nftables') return new NftablesBackend({ ...config, allow, clock, inherited, log: dropLog(logging) });
  if (kind === 'xdp') return new XdpBackend({ ...config, allow, say, clock });
  const { size } = config;
  if (kind === 'route') return new RouteBackend({ table: config.routeTable, size, allow, clock });
  if (file) return new DenyfileBackend({ ...file, size, allow, say, clock });
  return new MemoryBackend({ size, allow, clock });
}

function dropLog(logging: Logging | undefined): DropLog | undefined {
  if (!logging || logging.dropped === 'off') return undefined;
  const { dropped, prefix, rate, burst } = logging;
  return { prefix, rate, burst, ...(dropped !== 'kernel' && { group: dropped }) };
}
