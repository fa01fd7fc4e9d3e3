import type { Backend } from '../backends/backend.js';
import { DenyfileBackend } from '../backends/denyfile/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import { NftablesBackend } from '../backends/nftables/backend.js';
import { RouteBackend } from '../backends/route/backend.js';
import { XdpBackend } from '../backends/xdp/backend.js';
import type { BackendChoice, BackendConfig } from '../config/config.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';

export interface Surroundings {
  readonly allow: readonly Prefix[];
  /** Is told what an operator should know. */
  readonly say: (level: 'info' | 'warning', sentence: string) => void;
  readonly clock?: Clock;
  /** The descriptor that an earlier run's nftables kept, if it is there. */
  readonly inherited?: number | undefined;
}

/** A backend that the configuration names, not open yet. */
export function backendOf({ kind, file }: BackendChoice, config: BackendConfig, around: Surroundings): Backend {
  const { allow, say, clock = systemClock, inherited } = around;
  if (kind === 'nftables') return new NftablesBackend({ ...config, allow, clock, inherited });
  if (kind === 'xdp') return new XdpBackend({ ...config, allow, say, clock });
  const { size } = config;
  if (kind === 'route') return new RouteBackend({ table: config.routeTable, size, allow, clock });
  if (file) return new DenyfileBackend({ ...file, size, allow, say, clock });
  return new MemoryBackend({ size, allow, clock });
}
