import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { MemoryBackend } from '../src/backends/memory/backend.js';
import type { MetricsText, Operations, ReloadReport, Status } from '../src/control/api.js';
import { Client } from '../src/control/client.js';
import { ControlServer, type ServerOptions } from '../src/control/server.js';
import { Audit } from '../src/daemon/audit.js';
import { Comparison } from '../src/daemon/comparison.js';
import { Confirmations } from '../src/daemon/confirmations.js';
import { Enforcement } from '../src/daemon/enforcement.js';
import { EventStream, type StreamOptions } from '../src/daemon/event-stream.js';
import { Events } from '../src/daemon/events.js';
import { Healing } from '../src/daemon/healing.js';
import { Newest } from '../src/daemon/newest.js';
import { Offenders } from '../src/daemon/offenders.js';
import { ServiceOperations } from '../src/daemon/operations.js';
import { TopLooks } from '../src/daemon/top.js';
import type { Facts } from '../src/guard/facts.js';
import { Guard } from '../src/guard/guard.js';
import { Ledger } from '../src/ledger/ledger.js';
import { type Clock, systemClock } from '../src/model/clock.js';
import { levelOf, sentenceOf } from '../src/model/events.js';
import { Prefix } from '../src/model/prefix.js';
import { Writer } from '../src/writer/writer.js';

/** The way from the socket to a backend, without detection: everything is real, and nothing is dropped. */
export interface Service {
  readonly socket: string;
  readonly client: Client;
  readonly server: ControlServer;
  readonly operations: Operations;
  readonly ledger: Ledger;
  readonly backend: MemoryBackend;
  readonly writer: Writer;
  /** What went to the log, `level sentence`. */
  readonly said: string[];
  readonly problems: string[];
  readonly events: Events;
  readonly stream: EventStream;
  /** Addresses that the backend holds. */
  held(): Promise<string[]>;
}

export interface ServiceOptions {
  /** Elements that the backend holds at most. */
  readonly size?: number;
  readonly clock?: Clock;
  readonly server?: ServerOptions;
  /** What the lockout guard finds. */
  readonly facts?: Partial<Facts>;
  readonly stream?: StreamOptions;
  /** Stands before the real operations. */
  readonly operations?: Partial<Operations>;
}

/** Of a machine that nothing could cut off. */
export const NO_FACTS: Facts = { own: [], gateways: [], resolvers: [], sessions: [], logins: [], faults: [] };

/** A never-list that says nothing. */
export const NO_RULES = { addresses: [], names: [], files: [], refresh: 300_000, users: [] };

/** The guard's limits by default. */
export const LIMITS = { ports: [22], widest: { 4: 16, 6: 32 } } as const;

const LOOPBACK = Prefix.parse('127.0.0.0/8');

/** A stand-in for the never-rules: this host's own addresses, and whatever is wider than a /8. */
export function neverLoopback(prefix: Prefix): string | undefined {
  if (prefix.overlaps(LOOPBACK)) return `${prefix} must never be banned: it is this host`;
  return prefix.length < 8 ? `${prefix} is too wide` : undefined;
}

export const STATUS: Status = {
  version: '1.2.3',
  backend: 'memory',
  backends: [
    {
      ...{ name: 'memory', kind: 'memory', elements: 0, pending: 0, refused: 0, repaired: 0 },
      ...{ audited: null, routes: null, file: null, failure: null },
    },
  ],
  table: null,
  owned: null,
  interfaces: null,
  memory: null,
  replies: null,
  since: '2023-11-14T22:13:20.000Z',
  jails: [],
  bans: 0,
  elements: null,
  dropped: { packets: 5, bytes: 300 },
  observed: null,
  scopes: [],
  lines: 7,
  failures: 3,
  writer: { pending: 0, batches: 1, written: 2, refused: 0 },
  repaired: 0,
  audited: null,
  configuration: { state: 'file', until: null },
  unconfirmed: { bans: 0, until: null },
  hooks: [],
  problems: [],
};

/** Stands for figures that are not asked for here. */
export const METRICS: MetricsText = {
  text: async () => '# HELP up Whether it is.\n# TYPE up gauge\nup 1\n',
  json: async () => [{ name: 'up', type: 'gauge', help: 'Whether it is.', values: [{ labels: {}, value: 1 }] }],
};

export const REPORT: ReloadReport = {
  jails: { added: ['new'], removed: [], changed: ['sshd'], unchanged: 3 },
  never: { added: [], removed: [] },
  lifted: 0,
  turned: 0,
  until: null,
  settings: [],
  restart: ['backend.table'],
  notes: ['mail is not sent'],
};

/** A directory whose path is short: a socket's address has 107 bytes. */
export function shortDirectory(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'dropset-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The house's events: those that `status` would show go to `problems`, all others to `said`, as `level sentence`. */
export function eventsInto(said: string[], problems: string[], clock: Clock = systemClock): Events {
  const events = new Events(clock);
  events.listen({
    hear: (event) => {
      if (event.kind === 'problem' || ('kept' in event && event.kept)) problems.push(sentenceOf(event));
      else said.push(`${levelOf(event)} ${sentenceOf(event)}`);
    },
  });
  return events;
}

export async function startService(t: Test, options: ServiceOptions = {}): Promise<Service> {
  const clock = options.clock ?? systemClock;
  const said: string[] = [];
  const problems: string[] = [];
  const backend = new MemoryBackend({ clock, ...(options.size !== undefined && { size: options.size }) });
  const ledger = Ledger.open(':memory:', { clock, refusal: neverLoopback });
  const events = eventsInto(said, problems, clock);
  const healing: Healing = new Healing(backend, {
    tell: (event) => events.tell(event),
    problem: (sentence) => events.problem(sentence),
    refill: () => enforcement.restore(),
    rewrite: (prefixes) => enforcement.rewrite(prefixes),
    now: () => performance.now(),
  });
  const writer = new Writer(healing, clock);
  const enforcement = new Enforcement(ledger, writer, {
    events,
    until: () => {},
  });
  const audit = new Audit({
    ledger,
    comparison: new Comparison({ ledger, backend, clock, pauses: [1] }),
    healing,
    isWhole: () => true,
    clock,
    problem: (sentence) => events.problem(sentence),
  });
  const status = async (): Promise<Status> => ({ ...STATUS, bans: ledger.count() });
  const problem = (sentence: string): unknown => problems.push(sentence);
  const gather = async (): Promise<Facts> => ({ ...NO_FACTS, ...options.facts });
  const guard = new Guard({ ...LIMITS, problem, gather, now: () => performance.now() });
  const stream = new EventStream(events, options.stream);
  const newest = new Newest(256);
  events.listen(newest);
  const now = (): number => performance.now();
  const top = new TopLooks({ backend, ledger, newest, clock, now, jails: async () => [] });
  const real = new ServiceOperations({
    protection: { guard, entries: [] },
    configured: { config: { guard: LIMITS, never: { ...NO_RULES, users: ['alice'] } } },
    confirmations: new Confirmations(clock, undefined, problem),
    ...{ backend, ledger, enforcement, refusal: neverLoopback, status, clock, audit, stream, top, metrics: METRICS },
    hook: { name: 'prerouting', priority: -300 },
    reload: { request: async () => REPORT, confirm: async () => false },
    offenders: new Offenders({ ledger, clock, guard, refusal: neverLoopback }),
  });
  const operations = options.operations ? over(real, options.operations) : real;
  const socket = join(shortDirectory(t), 'socket');
  const server = await ControlServer.listen(socket, operations, options.server);
  t.teardown(async () => {
    await server.close();
    ledger.close();
  });
  const held = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { prefix } of backend.elements()) found.push(prefix.text);
    return found;
  };
  return {
    socket,
    client: new Client(socket),
    server,
    operations,
    ledger,
    backend,
    writer,
    said,
    problems,
    events,
    stream,
    held,
  };
}

const over = (real: Operations, own: Partial<Operations>): Operations => ({
  status: () => real.status(),
  metrics: real.metrics,
  why: (address) => real.why(address),
  list: (filter) => real.list(filter),
  never: () => real.never(),
  offenders: (query) => real.offenders(query),
  confirm: () => real.confirm(),
  ban: (request) => real.ban(request),
  enter: (bans, wanted) => real.enter(bans, wanted),
  replace: (source) => real.replace(source),
  unban: (addresses) => real.unban(addresses),
  unbanAll: () => real.unbanAll(),
  verify: () => real.verify(),
  reload: (within) => real.reload(within),
  top: () => real.top(),
  events: (filter, signal) => real.events(filter, signal),
  ...own,
});
