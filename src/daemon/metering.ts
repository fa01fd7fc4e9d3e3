import type { Backend } from '../backends/backend.js';
import type { Ledger } from '../ledger/ledger.js';
import { type Endpoint, Listener } from '../metrics/listener.js';
import { type Instant, Metrics } from '../metrics/metrics.js';
import type { Clock } from '../model/clock.js';
import type { JailReport } from '../model/jail-report.js';
import { VERSION } from '../version.js';
import type { Writer } from '../writer/writer.js';
import type { Audit } from './audit.js';
import type { Events } from './events.js';
import type { Healing } from './healing.js';
import type { Problems } from './problems.js';
import type { Recovery } from './recovery.js';

/** The parts of the service that metrics are read from. */
export interface Metered {
  readonly backend: Backend;
  readonly ledger: Ledger;
  readonly problems: Pick<Problems, 'said'>;
  readonly clock: Clock;
  /** The jails that are configured: another list where that has changed. */
  readonly jails: () => readonly { readonly name: string }[];
  /** Parts that are made after the metrics. */
  readonly parts: () => {
    readonly writer: Pick<Writer, 'counters'>;
    readonly detection: { readonly underway: number; reports(): Promise<readonly JailReport[]> };
    readonly audit: Pick<Audit, 'last' | 'differences'>;
    readonly healing: Pick<Healing, 'repaired'>;
    readonly recovery: Pick<Recovery, 'isPending'>;
    readonly hooks: { readonly reports: Instant['hooks'] };
    readonly secondaries: { readonly standing: Instant['others'] };
  };
}

/** Metrics of the service as it is wired. */
export const metricsOf = ({ backend, ledger, problems, clock, jails, parts }: Metered): Metrics =>
  new Metrics({
    jails,
    reports: () => parts().detection.reports(),
    counters: () => backend.counters(),
    bans: () => ledger.count(),
    lookup: (prefixes) => backend.lookup(prefixes),
    behind: (row, size) => {
      const { changes, last } = ledger.elementsBehind(row, size);
      return { prefixes: changes.map(({ prefix }) => prefix), last };
    },
    bansOf: (prefix) => ledger.bansOf(prefix),
    since: clock(),
    instant: () => instantOf(backend, problems, parts()),
  });

function instantOf(backend: Backend, problems: Metered['problems'], parts: ReturnType<Metered['parts']>): Instant {
  const { writer, detection, audit, healing, recovery, hooks, secondaries } = parts;
  const { table, interfaces, memory } = backend.state();
  return {
    version: VERSION,
    backend: backend.kind,
    writer: writer.counters,
    underway: detection.underway,
    isLedgerWhole: !recovery.isPending,
    differences: audit.differences,
    repaired: healing.repaired,
    audited: audit.last,
    problems: problems.said,
    hooks: hooks.reports,
    others: secondaries.standing,
    ...(table && { isOwned: table.owned }),
    ...(interfaces && { interfaces }),
    ...(memory !== undefined && { memory }),
  };
}

/** Has them read on a port as well, where the configuration names one. */
export async function listenFor(
  endpoint: Endpoint | undefined,
  metrics: Metrics,
  events: Pick<Events, 'problem'>,
): Promise<Listener | undefined> {
  if (!endpoint) return undefined;
  const problem = (sentence: string): void => events.problem(sentence);
  const listener = new Listener(endpoint, { text: () => metrics.text(), problem });
  await listener.open();
  return listener;
}
