import type { Backend } from '../backends/backend.js';
import type { Hooks } from '../hooks/hooks.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Prefix } from '../model/prefix.js';
import type { Writer } from '../writer/writer.js';
import type { Audit } from './audit.js';
import { backendReportOf } from './backend-report.js';
import type { Configured } from './configured.js';
import type { Detection } from './detection.js';
import type { Healing } from './healing.js';
import type { Newest } from './newest.js';
import { Offenders } from './offenders.js';
import { type OperationsOptions, ServiceOperations } from './operations.js';
import type { Problems } from './problems.js';
import type { Protection } from './protection.js';
import type { Reading } from './reading.js';
import type { Reload } from './reload.js';
import { reportOf } from './report.js';
import type { Secondaries } from './secondaries.js';
import { TopLooks } from './top.js';

/** What is behind the socket. */
export interface Served
  extends Pick<OperationsOptions, 'enforcement' | 'confirmations' | 'clock' | 'stream' | 'metrics' | 'backend'> {
  readonly backend: Backend;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly configured: Configured;
  readonly protection: Protection;
  readonly detection: Pick<Detection, 'reports'>;
  readonly writer: Pick<Writer, 'counters'>;
  readonly healing: Pick<Healing, 'repaired'>;
  readonly secondaries: Pick<Secondaries, 'reports'>;
  readonly problems: Pick<Problems, 'all'>;
  readonly hooks: Pick<Hooks, 'reports'>;
  readonly newest: Newest;
  readonly read: Reading;
  readonly reload: Pick<Reload, 'request' | 'confirm' | 'standing'>;
  /** When the service was started. */
  readonly since: number;
}

/** The operations of the service as it is wired. */
export function operationsOf(served: Served): ServiceOperations {
  const { backend, ledger, clock, newest, detection, protection, audit, read, since } = served;
  const { hook, priority } = served.configured.config.backend;
  const first = () =>
    backendReportOf({
      ...{ name: served.configured.config.backends[0]?.name ?? backend.kind, backend, isOpen: true, failure: null },
      ...{ writer: served.writer.counters, repaired: served.healing.repaired, audited: audit.last },
    });
  const refusal = (prefix: Prefix): string | undefined => protection.never.refusal(prefix);
  return new ServiceOperations({
    ...served,
    refusal,
    offenders: new Offenders({ ledger, clock, refusal, guard: protection.guard }),
    hook: { name: hook, priority },
    status: async () =>
      reportOf({
        ...{ backend, since },
        backends: [await first(), ...(await served.secondaries.reports())],
        jails: await detection.reports(),
        scoped: served.configured.config.jails,
        audited: audit.last,
        bans: read((readable) => readable.count(), 0),
        writer: served.writer.counters,
        repaired: served.healing.repaired,
        hooks: served.hooks.reports,
        problems: served.problems.all,
        standing: served.reload.standing,
        pending: served.confirmations.pending,
      }),
    top: new TopLooks({
      ...{ backend, ledger, newest, clock },
      jails: () => detection.reports(),
      now: () => performance.now(),
    }),
  });
}
