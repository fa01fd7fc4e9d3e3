import type { Backend } from '../backends/backend.js';
import type { BackendReport } from '../control/status.js';
import type { WriterCounters } from '../writer/writer.js';

/** What a report is made of. */
export interface BackendFacts {
  readonly name: string;
  readonly backend: Pick<Backend, 'kind' | 'counters' | 'state'>;
  readonly isOpen: boolean;
  readonly writer: Pick<WriterCounters, 'pending' | 'refused'>;
  readonly repaired: number;
  readonly audited: number | null;
  readonly failure: string | null;
}

/** What `status` says of one backend. */
export async function backendReportOf(facts: BackendFacts): Promise<BackendReport> {
  const { name, backend, isOpen, writer, repaired, audited, failure } = facts;
  const { routes = null, file = null } = isOpen ? backend.state() : {};
  return {
    ...{ name, kind: backend.kind },
    elements: isOpen ? ((await backend.counters()).elements ?? null) : null,
    ...{ pending: writer.pending, refused: writer.refused, repaired },
    audited: timeOf(audited),
    routes,
    file: file && { ...file, written: timeOf(file.written) },
    failure,
  };
}

const timeOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
