import type { Backend } from '../backends/backend.js';
import type { JailConfig } from '../config/types.js';
import type { Status } from '../control/api.js';
import type { JailReport } from '../model/jail-report.js';
import { textObserves } from '../model/scope.js';
import { formatTime } from '../model/time.js';
import { VERSION } from '../version.js';
import type { Pending } from './confirmations.js';
import type { Standing } from './trial.js';

/** What `status` is made of. */
export interface ReportParts extends Pick<Status, 'backends' | 'bans' | 'writer' | 'repaired' | 'hooks' | 'problems'> {
  readonly backend: Pick<Backend, 'kind' | 'counters' | 'state'>;
  readonly jails: readonly JailReport[];
  /** As they are configured. */
  readonly scoped: readonly Pick<JailConfig, 'name' | 'scope'>[];
  /** When the service was started, and when the kernel was last compared with the ledger. */
  readonly since: number;
  readonly audited: number | null;
  readonly standing: Standing;
  readonly pending: readonly Pick<Pending, 'deadline'>[];
}

/** What `dropset status` shows. */
export async function reportOf(parts: ReportParts): Promise<Status> {
  const { backend, jails, since, audited, standing, pending } = parts;
  const sum = (of: 'lines' | 'failures'): number => jails.reduce((total, jail) => total + jail[of], 0);
  const { elements, packets, bytes, observed, scopes } = await backend.counters();
  const { table, interfaces, memory, replies } = backend.state();
  return {
    version: VERSION,
    backend: backend.kind,
    backends: parts.backends,
    table: table?.name ?? null,
    owned: table?.owned ?? null,
    interfaces: interfaces ?? null,
    memory: memory ?? null,
    replies: replies ?? null,
    since: new Date(since).toISOString(),
    jails,
    bans: parts.bans,
    elements: elements ?? null,
    dropped: { packets, bytes },
    observed: observed ?? null,
    scopes: [...(scopes ?? [])].map(([scope, traffic]) => ({
      ...{ scope, observes: textObserves(scope), ...traffic },
      jails: parts.scoped.filter((jail) => jail.scope === scope).map(({ name }) => name),
    })),
    lines: sum('lines'),
    failures: sum('failures'),
    writer: parts.writer,
    repaired: parts.repaired,
    audited: audited === null ? null : new Date(audited).toISOString(),
    configuration: { state: standing.state, until: formatTime(standing.until) },
    unconfirmed: {
      bans: pending.length,
      until: pending.length === 0 ? null : formatTime(Math.min(...pending.map(({ deadline }) => deadline))),
    },
    hooks: parts.hooks,
    problems: parts.problems,
  };
}
