import { closeSync } from 'node:fs';
import type { Backend } from '../backends/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import { NftablesBackend } from '../backends/nftables/backend.js';
import type { DropLog } from '../backends/nftables/drop-log.js';
import { XdpBackend } from '../backends/xdp/backend.js';
import type { BackendConfig, LogConfig } from '../config/config.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';

type Logging = Pick<LogConfig, 'dropped' | 'prefix' | 'rate' | 'burst'>;

/**
 * The backend that the configuration names, not open yet.
 *
 * @param logging of packets that it drops; none where absent.
 * @param say is told what an operator should know.
 * @param inherited the descriptor that an earlier run's backend kept, if it is there.
 */
export function backendOf(
  config: BackendConfig,
  logging: Logging | undefined,
  allow: readonly Prefix[],
  say: (level: 'info' | 'warning', sentence: string) => void,
  clock: Clock = systemClock,
  inherited?: number,
): Backend {
  if (config.kind !== 'nftables' && inherited !== undefined) closeSync(inherited);
  if (config.kind !== 'nftables' && (logging?.dropped ?? 'off') !== 'off') {
    say(
      'warning',
      `[log] dropped is for the backend nftables: with ${config.kind} no packet is logged; see dropset top`,
    );
  }
  if (config.kind === 'memory') return new MemoryBackend({ size: config.size, allow, clock });
  if (config.kind === 'xdp') return new XdpBackend({ ...config, allow, say, clock });
  return new NftablesBackend({ ...config, allow, clock, inherited, log: dropLog(logging) });
}

function dropLog(logging: Logging | undefined): DropLog | undefined {
  if (!logging || logging.dropped === 'off') return undefined;
  const { dropped, prefix, rate, burst } = logging;
  return { prefix, rate, burst, ...(dropped !== 'kernel' && { group: dropped }) };
}
