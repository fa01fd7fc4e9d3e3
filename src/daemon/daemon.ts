import { join } from 'node:path';
import type { Backend } from '../backends/backend.js';
import type { Config } from '../config/config.js';
import { gidOf } from '../control/group.js';
import { ControlServer } from '../control/server.js';
import type { Hooks } from '../hooks/hooks.js';
import { Terms } from '../jails/terms.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Fault } from '../ledger/store.js';
import type { Listener } from '../metrics/listener.js';
import type { Metrics } from '../metrics/metrics.js';
import { type Clock, systemClock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { readiness } from '../model/events.js';
import type { ReloadReport } from '../model/reload-report.js';
import { Writer } from '../writer/writer.js';
import { Audit } from './audit.js';
import { Comparison } from './comparison.js';
import { Configured } from './configured.js';
import { Confirmations } from './confirmations.js';
import { Detection } from './detection.js';
import type { DroppedLog } from './dropped-log.js';
import { Ends } from './ends.js';
import { Enforcement } from './enforcement.js';
import { EventStream } from './event-stream.js';
import type { Events } from './events.js';
import { Filling } from './filling.js';
import { Healing } from './healing.js';
import { hooksOf } from './hooking.js';
import { listenFor, metricsOf } from './metering.js';
import { Newest } from './newest.js';
import { close, type Opened, type OpeningOptions, open } from './opening.js';
import type { ServiceOperations } from './operations.js';
import { secondariesOf } from './others.js';
import { noticing } from './packets.js';
import { packetsPassed } from './passed.js';
import { progressOf, readPositions } from './positions.js';
import type { Problems } from './problems.js';
import type { Protection } from './protection.js';
import { type Reading, readingOf } from './reading.js';
import { rebuildAndTell } from './rebuild.js';
import { Recovery } from './recovery.js';
import { type Reload, UNDONE } from './reload.js';
import { reloadOf } from './reloading.js';
import { Scoping } from './scoping.js';
import type { Secondaries } from './secondaries.js';
import { operationsOf } from './serving.js';
import type { Systemd } from './systemd.js';
import { Upkeep } from './upkeep.js';

export interface DaemonOptions extends OpeningOptions {
  /** Reads the configuration anew; a program that has none to read leaves it out. @throws DropsetError with every fault, one a line. */
  readonly load?: () => Config;
  /** `config` is not the file's, which was tried and never confirmed. */
  readonly isUndone?: boolean;
  /** The detection thread's program; its own where absent. */
  readonly program?: URL;
}

/**
 * The service: this file is the wiring diagram. Lines come from sources inside each detection, verdicts go through
 * enforcement into the ledger and the writer, and control enters by the same door.
 */
export class Daemon {
  readonly #configured: Configured;
  readonly #reload: Reload;
  readonly #events: Events;
  readonly #stream: EventStream;
  readonly #newest = new Newest(256);
  readonly #clock: Clock;
  readonly #since: number;
  readonly #protection: Protection;
  readonly #confirmations: Confirmations;
  readonly #backend: Backend;
  readonly #ledger: Ledger;
  readonly #healing: Healing;
  readonly #secondaries: Secondaries;
  readonly #writer: Writer;
  readonly #enforcement: Enforcement;
  readonly #detection: Detection;
  readonly #read: Reading;
  readonly #filling: Filling;
  readonly #ends: Ends;
  readonly #upkeep: Upkeep;
  readonly #systemd: Systemd;
  readonly #terms: Terms;
  readonly #scoping: Scoping;
  readonly #audit: Audit;
  readonly #recovery: Recovery;
  readonly #problems: Problems;
  readonly #hooks: Hooks;
  readonly #dropped: DroppedLog;
  readonly #metrics: Metrics;
  #server: ControlServer | undefined;
  #listener: Listener | undefined;

  private constructor(options: DaemonOptions, opened: Opened) {
    const { events, problems, protection, backend, ledger, systemd, mark } = opened;
    const problem = (sentence: string): void => events.problem(sentence);
    const failed = (thrown: unknown): void => problem(messageOf(thrown));
    const jails = () => this.#configured.config.jails;
    const until = (end: number | null): void => this.#ends.arm(end);
    this.#systemd = systemd;
    this.#events = events;
    this.#stream = new EventStream(events);
    events.listen(this.#newest);
    this.#hooks = hooksOf(events, options.dryRun);
    this.#clock = options.clock ?? systemClock;
    this.#since = this.#clock();
    this.#problems = problems;
    this.#protection = protection;
    this.#backend = backend;
    this.#ledger = ledger;
    this.#read = readingOf(ledger, problem);
    this.#dropped = noticing({ events, backend, read: this.#read, jails, clock: this.#clock, options });
    this.#healing = new Healing(backend, {
      tell: (event) => events.tell(event),
      problem,
      refill: () => this.#enforcement.restore(),
      rewrite: (prefixes) => this.#enforcement.rewrite(prefixes),
      now: () => performance.now(),
    });
    this.#metrics = metricsOf({
      ...{ backend, ledger, problems, clock: this.#clock, jails },
      parts: () => ({
        ...{ writer: this.#writer, detection: this.#detection, audit: this.#audit },
        ...{ healing: this.#healing, recovery: this.#recovery, hooks: this.#hooks, secondaries: this.#secondaries },
      }),
    });
    this.#writer = new Writer(this.#metrics.timed(this.#healing), this.#clock, packetsPassed);
    this.#secondaries = secondariesOf(opened, { isWhole: () => !this.#recovery.isPending, clock: this.#clock });
    this.#enforcement = new Enforcement(ledger, this.#writer, {
      events,
      others: this.#secondaries,
      share: opened.share,
      metrics: this.#metrics,
      until,
      onLifted: () => this.#upkeep.soon(),
      onUnwritten: (isLoss) => this.#recovery.begin(isLoss),
    });
    this.#filling = new Filling({ ledger, backend, enforcement: this.#enforcement, problem, now: this.#clock });
    this.#terms = new Terms({ ledger, random: Math.random, jails, failed });
    this.#scoping = new Scoping({ ledger, enforcement: this.#enforcement, problem, jails });
    this.#ends = new Ends({
      ...{ enforcement: this.#enforcement, healing: this.#healing, clock: this.#clock, problem, jails },
      ...{ nextEnd: () => ledger.nextEnd(), extensions: ledger.extensions },
      lookup: (prefixes) => backend.lookup(prefixes),
    });
    this.#recovery = new Recovery({
      mend: () => ledger.mend() && this.#enforcement.catchUp(),
      rebuild: (signal) => {
        const [writer, enforcement] = [this.#writer, this.#enforcement];
        return rebuildAndTell({ backend, ledger, writer, enforcement, signal, until, clock: this.#clock }, events);
      },
      ...{ failed, mark },
    });
    this.#upkeep = new Upkeep(() => ledger.tidy(), failed);
    this.#audit = new Audit({
      ledger,
      comparison: new Comparison({ ledger, backend, clock: this.#clock }),
      healing: this.#healing,
      isWhole: () => !this.#recovery.isPending,
      clock: this.#clock,
      problem,
    });
    this.#detection = new Detection({ ...this.#detectionOptions(options.config), program: options.program });
    const state = options.dryRun ? undefined : options.config.service.state;
    this.#confirmations = new Confirmations(this.#clock, state && join(state, 'unconfirmed.json'), problem);
    const [enforcement, detection, secondaries] = [this.#enforcement, this.#detection, this.#secondaries];
    const healing = secondaries.behind(this.#healing);
    protection.attach({ ledger, healing, enforcement, detection });
    this.#configured = new Configured(options.config, {
      ...{ protection, ledger, problem, healing, enforcement, detection, secondaries, hooks: this.#hooks },
      reshare: () => enforcement.restore(),
      audit: this.#audit,
      scoping: this.#scoping,
      server: () => this.#server,
    });
    opened.shares.follow(() => this.#configured.config.jails);
    this.#reload = reloadOf({
      ...{ configured: this.#configured, load: options.load, events, systemd, protection, ledger, enforcement },
      ...{ clock: this.#clock, read: this.#read, state, isUndone: options.isUndone === true },
    });
  }

  /**
   * Starts everything; the socket answers when this resolves.
   *
   * @throws DropsetError with a sentence that an operator can act on. Nothing is left running then.
   */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const faults: Fault[] = [];
    let daemon: Daemon | undefined;
    const opened = await open(options, (fault) => {
      if (daemon) daemon.#recovery.begin(fault.isLoss);
      else faults.push(fault);
    });
    try {
      daemon = new Daemon(options, opened);
      for (const { isLoss } of faults) daemon.#recovery.begin(isLoss);
      await daemon.#enter();
      return daemon;
    } catch (thrown) {
      await close(opened, thrown);
      throw thrown;
    }
  }

  /** Reads the configuration anew and puts the differences in force. @throws DropsetError: then everything is as it was. */
  reload(): Promise<ReloadReport> {
    return this.#reload.request();
  }

  /** Stops reading, lets what was decided reach the kernel, and leaves the bans standing. @param cause as `SIGTERM`. */
  async stop(cause?: string): Promise<void> {
    if (cause !== undefined) this.#events.tell({ kind: 'stopping', cause });
    this.#systemd.stopping();
    this.#configured.stop();
    await this.#detection.stop();
    await this.#reload.stop();
    await this.#protection.stop();
    await this.#filling.stop();
    await this.#ends.stop();
    for (const part of [this.#dropped, this.#upkeep, this.#recovery]) part.stop();
    await this.#stream.close();
    await Promise.all([this.#server?.close(), this.#listener?.close()]);
    this.#audit.stop();
    await this.#healing.stop();
    await this.#writer.idle();
    this.#events.flush();
    this.#enforcement.checkpoint();
    await Promise.all([this.#backend.close({ keep: true }), this.#secondaries.stop()]);
    this.#ledger.close();
    await this.#hooks.stop();
    this.#systemd.close();
    this.#events.tell({ kind: 'stop', stand: this.#backend.kind !== 'memory' });
  }

  async #enter(): Promise<void> {
    try {
      this.#backend.watch?.((disturbance) => this.#healing.disturbed(disturbance));
      this.#scoping.begin();
      const held = await this.#filling.begin();
      await this.#backend.settle();
      this.#secondaries.begin(this.#configured.config.service.audit);
      this.#ends.start(this.#read((ledger) => ledger.nextEnd() ?? null, null));
      const { service, notes, jails, hooks } = this.#configured.config;
      this.#hooks.replace(hooks);
      await this.#dropped.start();
      this.#audit.start(service.audit);
      for (const message of notes) this.#events.tell({ kind: 'note', level: 'warning', message });
      if (this.#reload.standing.state === 'undone') this.#events.problem(UNDONE);
      await this.#detection.start();
      const { socket, group } = service;
      const gid = group === undefined ? undefined : gidOf(group);
      this.#server = await ControlServer.listen(socket, this.#operations(), { gid });
      this.#listener = await listenFor(this.#configured.config.metrics.listen, this.#metrics, this.#events);
      this.#upkeep.soon();
      this.#recovery.ready();
      this.#protection.liftCovered();
      const ready = { backend: this.#backend.kind, jails: jails.length, restored: held };
      this.#events.tell({ kind: 'start', ...ready });
      this.#systemd.ready(readiness(ready));
      this.#filling.goOn();
    } catch (thrown) {
      for (const part of [this.#dropped, this.#audit, this.#recovery]) part.stop();
      await this.#detection.stop();
      await this.#healing.stop();
      await this.#ends.stop();
      await this.#secondaries.stop();
      await this.#hooks.stop();
      throw thrown;
    }
  }

  #operations(): ServiceOperations {
    return operationsOf({
      ...{ backend: this.#backend, secondaries: this.#secondaries, healing: this.#healing },
      ...{ ledger: this.#ledger, writer: this.#writer },
      ...{ enforcement: this.#enforcement, detection: this.#detection, audit: this.#audit, metrics: this.#metrics },
      ...{ protection: this.#protection, confirmations: this.#confirmations, configured: this.#configured },
      ...{ reload: this.#reload, stream: this.#stream, newest: this.#newest, problems: this.#problems },
      ...{ read: this.#read, clock: this.#clock, since: this.#since, hooks: this.#hooks },
    });
  }

  #detectionOptions({ jails, service, never }: Config): ConstructorParameters<typeof Detection>[0] {
    return {
      jails,
      maxLine: service.maxLine,
      never: this.#protection.rulesWith(never).map(({ prefix }) => prefix),
      positions: readPositions(this.#read((ledger) => ledger.positions(), new Map<string, string>())),
      counts: () => this.#read((ledger) => ledger.counts(), []),
      enforce: (verdicts, progress, onLost) =>
        this.#protection.enforce(this.#scoping.of(this.#terms.of(verdicts)), progressOf(progress), onLost),
      report: (sentence) => this.#events.problem(sentence),
      onSiege: (siege) => this.#events.tell({ ...siege, kind: 'siege' }),
    };
  }
}
