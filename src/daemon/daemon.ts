import { join } from 'node:path';
import type { Backend } from '../backends/backend.js';
import { MemoryBackend } from '../backends/memory/backend.js';
import type { Config } from '../config/config.js';
import type { Status } from '../control/api.js';
import { gidOf } from '../control/group.js';
import { ControlServer, makeWay } from '../control/server.js';
import { Never } from '../jails/never.js';
import { Ledger } from '../ledger/ledger.js';
import type { Fault } from '../ledger/store.js';
import { type Clock, systemClock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import { Writer } from '../writer/writer.js';
import { Audit } from './audit.js';
import { backendOf } from './backends.js';
import { Comparison } from './comparison.js';
import { Detection } from './detection.js';
import { Enforcement } from './enforcement.js';
import { Expiry } from './expiry.js';
import { Healing } from './healing.js';
import { Jumps, sentenceOf } from './jumps.js';
import type { Log } from './log.js';
import { ServiceOperations } from './operations.js';
import { progressOf, readPositions } from './positions.js';
import { Problems } from './problems.js';
import { rebuild } from './rebuild.js';
import { Recovery } from './recovery.js';
import { reportOf } from './report.js';
import { Systemd } from './systemd.js';
import { Upkeep } from './upkeep.js';

export interface DaemonOptions {
  readonly config: Config;
  /** Judge and say, but drop nothing and keep nothing. */
  readonly dryRun: boolean;
  readonly log: Log;
  readonly clock?: Clock;
  /** What systemd's variables are taken from; none where absent. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The detection thread's program; its own where absent. */
  readonly program?: URL;
}

/**
 * The service: this file is the wiring diagram. Lines come from sources inside each detection, verdicts go through
 * enforcement into the ledger and the writer, and control enters by the same door.
 */
export class Daemon {
  readonly #config: Config;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #since: number;
  readonly #never: Never;
  readonly #backend: Backend;
  readonly #ledger: Ledger;
  readonly #healing: Healing;
  readonly #writer: Writer;
  readonly #enforcement: Enforcement;
  readonly #detection: Detection;
  readonly #expiry: Expiry;
  readonly #upkeep: Upkeep;
  readonly #jumps: Jumps;
  readonly #systemd: Systemd;
  readonly #audit: Audit;
  readonly #recovery: Recovery;
  readonly #problems: Problems;
  #server: ControlServer | undefined;

  private constructor(
    options: DaemonOptions,
    problems: Problems,
    never: Never,
    backend: Backend,
    ledger: Ledger,
    systemd: Systemd,
  ) {
    this.#systemd = systemd;
    this.#config = options.config;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#since = this.#clock();
    this.#problems = problems;
    this.#never = never;
    this.#backend = backend;
    this.#ledger = ledger;
    this.#healing = new Healing(backend, {
      log: options.log,
      problem: (sentence) => this.#problems.add(sentence),
      refill: () => this.#enforcement.restore(),
      rewrite: (prefixes) => this.#enforcement.rewrite(prefixes),
      now: () => performance.now(),
    });
    this.#writer = new Writer(this.#healing, this.#clock);
    this.#enforcement = new Enforcement(ledger, this.#writer, {
      log: options.log,
      until: (until) => this.#expiry.arm(until),
      onLifted: () => this.#upkeep.soon(),
      problem: (sentence) => this.#problems.add(sentence),
      onUnwritten: (isLoss) => this.#recovery.begin(isLoss),
    });
    this.#jumps = new Jumps(this.#clock, () => performance.now());
    this.#expiry = new Expiry(
      this.#clock,
      () => ledger.nextEnd(),
      () => this.#expire(),
      (thrown) => this.#problems.add(messageOf(thrown)),
    );
    this.#recovery = new Recovery({
      mend: () => ledger.mend() && this.#enforcement.catchUp(),
      rebuild: (signal) => this.#rebuild(signal),
      failed: (thrown) => this.#problems.add(messageOf(thrown)),
    });
    this.#upkeep = new Upkeep(
      () => ledger.tidy(),
      (thrown) => this.#problems.add(messageOf(thrown)),
    );
    this.#audit = new Audit({
      ledger,
      comparison: new Comparison({ ledger, backend, clock: this.#clock }),
      healing: this.#healing,
      isWhole: () => !this.#recovery.isPending,
      clock: this.#clock,
      problem: (sentence) => this.#problems.add(sentence),
    });
    this.#detection = new Detection({ ...this.#detectionOptions(), program: options.program });
  }

  /**
   * Starts everything; the socket answers when this resolves.
   *
   * @throws DropsetError with a sentence that an operator can act on. Nothing is left running then.
   */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const { config } = options;
    await makeWay(config.service.socket);
    if (config.service.group !== undefined) gidOf(config.service.group);
    const never = new Never(config.never.addresses);
    const refusal = (prefix: Prefix): string | undefined => never.refusal(prefix);
    const clock = options.clock ?? systemClock;
    const problems = new Problems(options.log, clock);
    const systemd = new Systemd({
      environment: options.environment ?? {},
      pid: process.pid,
      problem: (sentence) => problems.add(sentence),
    });
    const say = (level: 'info' | 'warning', sentence: string): void =>
      level === 'info' ? options.log('info', sentence) : problems.add(sentence);
    const backend: Backend = options.dryRun
      ? new MemoryBackend({ clock })
      : backendOf(config.backend, never.prefixes, say, clock, systemd.inherited);
    let ledger: Ledger | undefined;
    let daemon: Daemon | undefined;
    const faults: Fault[] = [];
    const onFault = (fault: Fault): void => {
      problems.add(fault.sentence);
      faults.push(fault);
      if (daemon) daemon.#recovery.begin(fault.isLoss);
    };
    try {
      await backend.open();
      systemd.keep(backend.kept?.());
      const { state, history } = config.service;
      const ledgerOptions = { refusal, history, ...(options.clock && { clock: options.clock }) };
      ledger = options.dryRun
        ? Ledger.open(':memory:', ledgerOptions)
        : Ledger.lenient(join(state, 'ledger.db'), onFault, ledgerOptions);
      daemon = new Daemon(options, problems, never, backend, ledger, systemd);
      for (const { isLoss } of faults) daemon.#recovery.begin(isLoss);
      await daemon.#enter();
      return daemon;
    } catch (thrown) {
      systemd.status(messageOf(thrown));
      systemd.close();
      ledger?.close();
      await backend.close({ keep: true });
      throw thrown;
    }
  }

  /** Stops reading, lets what was decided reach the kernel, and leaves the bans standing. */
  async stop(): Promise<void> {
    this.#systemd.stopping();
    await this.#detection.stop();
    this.#expiry.stop();
    this.#upkeep.stop();
    this.#recovery.stop();
    await this.#server?.close();
    this.#audit.stop();
    await this.#healing.stop();
    await this.#writer.idle();
    this.#enforcement.finishLog();
    this.#enforcement.checkpoint();
    await this.#backend.close({ keep: true });
    this.#ledger.close();
    this.#systemd.close();
    this.#log('info', this.#backend.kind === 'memory' ? 'stopped' : 'stopped; bans stand and expire in the kernel');
  }

  async #enter(): Promise<void> {
    try {
      this.#backend.watch?.((disturbance) => this.#healing.disturbed(disturbance));
      const held = await this.#enforcement.restore();
      await this.#backend.settle();
      this.#expiry.arm(this.#read((ledger) => ledger.nextEnd() ?? null, null));
      this.#audit.start(this.#config.service.audit);
      for (const note of this.#config.notes) this.#log('warning', note);
      await this.#detection.start();
      const { socket, group } = this.#config.service;
      const gid = group === undefined ? undefined : gidOf(group);
      this.#server = await ControlServer.listen(socket, this.#operations(), { gid });
      this.#upkeep.soon();
      this.#recovery.ready();
      const ready = `${this.#backend.kind}, ${this.#config.jails.length} jails, ${held} bans restored`;
      this.#log('info', `ready: ${ready}`);
      this.#systemd.ready(ready);
    } catch (thrown) {
      await this.#detection.stop();
      this.#audit.stop();
      await this.#healing.stop();
      this.#expiry.stop();
      this.#recovery.stop();
      throw thrown;
    }
  }

  #expire(): Promise<boolean> {
    const jump = this.#jumps.look();
    if (jump !== 0) this.#healing.disturbed({ sentence: sentenceOf(jump) });
    return this.#enforcement.expire();
  }

  #operations(): ServiceOperations {
    return new ServiceOperations({
      backend: this.#backend,
      ledger: this.#ledger,
      enforcement: this.#enforcement,
      refusal: (prefix) => this.#never.refusal(prefix),
      hook: { name: this.#config.backend.hook, priority: this.#config.backend.priority },
      status: () => this.#status(),
      clock: this.#clock,
      audit: this.#audit,
    });
  }

  #detectionOptions(): ConstructorParameters<typeof Detection>[0] {
    return {
      jails: this.#config.jails,
      maxLine: this.#config.service.maxLine,
      never: this.#config.never.addresses,
      positions: readPositions(this.#read((ledger) => ledger.positions(), new Map<string, string>())),
      counts: () => this.#read((ledger) => ledger.counts(), []),
      enforce: (verdicts, progress, onLost) => this.#enforcement.enforce(verdicts, progressOf(progress), onLost),
      report: (sentence) => this.#problems.add(sentence),
    };
  }

  /** That a ledger is damaged is found out by reading, and then another one takes its place: the second try reads that. */
  #read<T>(read: (ledger: Ledger) => T, otherwise: NoInfer<T>): T {
    for (let times = 0; times < 2; times++) {
      try {
        return read(this.#ledger);
      } catch (thrown) {
        this.#problems.add(messageOf(thrown));
      }
    }
    return otherwise;
  }

  async #rebuild(signal: AbortSignal): Promise<void> {
    const restored = await rebuild({
      ...{ backend: this.#backend, ledger: this.#ledger, writer: this.#writer, enforcement: this.#enforcement, signal },
      clock: this.#clock,
      until: (until) => this.#expiry.arm(until),
    });
    this.#log('info', `${restored} bans that only the kernel knew are in the ledger again`);
  }

  async #status(): Promise<Status> {
    return reportOf({
      backend: this.#backend,
      jails: await this.#detection.reports(),
      since: this.#since,
      audited: this.#audit.last,
      bans: this.#read((ledger) => ledger.count(), 0),
      writer: this.#writer.counters,
      repaired: this.#healing.repaired,
      problems: this.#problems.all,
    });
  }
}

/** Starts the service and stops it on SIGTERM or SIGINT. Resolves when it has stopped. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const daemon = await Daemon.start(options);
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  options.log('info', `${signal}: stopping`);
  await daemon.stop().catch((thrown) => options.log('error', `stopping: ${messageOf(thrown)}`));
}
