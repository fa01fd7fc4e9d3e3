import { closeSync } from 'node:fs';
import type { Backend } from '../backends/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import { NftablesBackend } from '../backends/nftables/backend.js';
import { XdpBackend } from '../backends/xdp/backend.js';
import type { BackendConfig } from '../config/config.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';

/**
 * The backend that the configuration names, not open yet.
 *
 * @param say is told what an operator should know.
 * @param inherited the descriptor that an earlier run's backend kept, if it is there.
 */
export function backendOf(
  config: BackendConfig,
  allow: readonly Prefix[],
  say: (level: 'info' | 'warning', sentence: string) => void,
  clock: Clock = systemClock,
  inherited?: number,
): Backend {
  if (config.kind !== 'nftables' && inherited !== undefined) closeSync(inherited);
  if (config.kind === 'memory') return new MemoryBackend({ size: config.size, allow, clock });
  if (config.kind === 'xdp') return new XdpBackend({ ...config, allow, say, clock });
  return new NftablesBackend({ ...config, allow, clock, inherited });
}
