import type { Backend } from '../backends/backend.js';
import type { JailConfig } from '../config/config.js';
import { type Clock, monotonic } from '../model/clock.js';
import { DroppedLog } from './dropped-log.js';
import type { Events } from './events.js';
import type { OpeningOptions } from './opening.js';
import type { Reading } from './reading.js';
import { Unmet } from './unmet.js';

export interface PacketOptions {
  readonly events: Events;
  readonly backend: Pick<Backend, 'lookup'>;
  readonly read: Reading;
  readonly options: Pick<OpeningOptions, 'config' | 'dryRun'>;
  /** Of the configuration in force. */
  readonly jails: () => readonly JailConfig[];
  readonly clock: Clock;
}

/** What is noticed of banned packets: that none of them comes; answers what writes a few of them down, not started yet. */
export function noticing({ events, backend, read, options, jails, clock }: PacketOptions): DroppedLog {
  const problem = (sentence: string): void => events.problem(sentence);
  events.listen(new Unmet({ lookup: (prefixes) => backend.lookup(prefixes), now: clock, problem }));
  const { log } = options.config;
  return new DroppedLog({
    // No packet is dropped in a dry run.
    log: options.dryRun ? { ...log, dropped: 'off' } : log,
    ...{ jails, problem, now: monotonic },
    bansOf: (prefix) => read((ledger) => ledger.bansOf(prefix), []),
    tell: (event) => events.tell(event),
  });
}
