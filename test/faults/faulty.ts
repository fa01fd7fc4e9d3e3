import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Test } from 'tap';
import { Client } from '../../src/control/client.js';

/**
 * Where a fault can be met: `faults.c` says how each is known. Small letters are behind the call: what it does has been done.
 */
export const POINTS = {
  'a request was read': 'Q',
  'the ledger is written': 'W',
  'the ledger was written': 'w',
  'a checkpoint is written': 'D',
  'a batch is sent': 'S',
  'the kernel has carried out a batch': 's',
  'an answer of the kernel is read': 'R',
  'all answers of the kernel were read': 'r',
  'a client is answered': 'A',
  'a client was answered': 'a',
} as const;

const ACTIONS = { kill: 10001, stop: 10002 } as const;

export interface Fault {
  readonly point: keyof typeof POINTS;
  /** Which of them; the first where absent. */
  readonly nth?: number;
  /** Or an errno that the call fails with. */
  readonly action: keyof typeof ACTIONS | keyof typeof constants.errno;
  /** How many calls fail. */
  readonly times?: number;
}

/** A ban as the ledger has it. */
export interface Written {
  readonly address: string;
  readonly jail: string;
  readonly until: number | null;
  readonly times: number;
}

/** The service that is shipped, in the test's own network namespace, with a library before libc that has calls fail. */
export class Faulty {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropset-faults-'));
  readonly log = join(this.folder, 'auth.log');
  readonly socket = join(this.folder, 's');
  readonly client = new Client(this.socket);
  readonly #order = join(this.folder, 'order');
  readonly #library = join(this.folder, 'faults.so');
  #service: ChildProcess | undefined;
  said = '';

  constructor(t: Test) {
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', this.#library, resolve('test/faults/faults.c'), '-ldl']);
    writeFileSync(this.log, '');
    t.teardown(async () => {
      await this.end('SIGKILL');
      rmSync(this.folder, { recursive: true });
    });
  }

  get pid(): number {
    return this.#service?.pid as number;
  }

  /**
   * @param more configuration behind the service's section.
   * @param fault that it is to meet while it starts; rejects if it ends by it.
   */
  async start(more = '', fault?: Fault): Promise<void> {
    const config = join(this.folder, 'dropset.toml');
    writeFileSync(config, `[service]\nstate = "${this.folder}/state"\nsocket = "${this.socket}"\n${more}`);
    writeFileSync(this.#order, Buffer.alloc(16));
    if (fault) this.arm(fault);
    this.said = '';
    const service = spawn(process.execPath, ['dist/cli/main.js', 'run', '--config', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LD_PRELOAD: this.#library, FAULTS_ORDER: this.#order },
    });
    service.stderr.on('data', (text) => {
      this.said += text;
    });
    this.#service = service;
    await this.until('it is ready', () => {
      const { exitCode, signalCode } = service;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`it ended by ${signalCode ?? exitCode}: ${this.said}`);
      return this.said.includes('ready: ');
    });
  }

  /** From here on; in place of what was ordered before. */
  arm({ point, nth = 1, action, times = 1 }: Fault): void {
    const number = action in ACTIONS ? ACTIONS[action as 'kill'] : constants.errno[action as 'ENOBUFS'];
    const file = openSync(this.#order, 'r+');
    // The letter is written last: with it the order holds.
    writeSync(file, Buffer.from(Uint32Array.of(nth, number, times).buffer), 0, 12, 4);
    writeSync(file, Buffer.from(Uint32Array.of(POINTS[point].charCodeAt(0)).buffer), 0, 4, 0);
    closeSync(file);
  }

  /** Nothing more happens. */
  disarm(): void {
    writeFileSync(this.#order, Buffer.alloc(4), { flag: 'r+' });
  }

  /** Resolves with how it ended. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const service = this.#service;
    if (!service) return null;
    if (service.exitCode === null && service.signalCode === null) await once(service, 'exit');
    this.#service = undefined;
    return service.exitCode ?? service.signalCode;
  }

  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#service?.kill(signal);
    return this.ended();
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + 60_000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`not within a minute: ${what}\nthe service said:\n${this.said}`);
      await sleep(10);
    }
  }

  /** Whether the process was stopped by an order. */
  stopped(): boolean {
    return /^\d+ \(.*\) T/.test(execFileSync('cat', [`/proc/${this.pid}/stat`], { encoding: 'utf8' }));
  }

  /** What the ledger has, as another program reads it. */
  ledger<T = Written>(
    query = `SELECT address, jail, until, times FROM ban
      WHERE id > IFNULL((SELECT value FROM mark WHERE name = 'lifted'), 0)`,
  ): T[] {
    const database = new Database(join(this.folder, 'state', 'ledger.db'), { readonly: true });
    try {
      return database.prepare(query).all() as T[];
    } finally {
      database.close();
    }
  }

  /** The elements that the kernel holds, as nft tells them. */
  kernel(): Set<string> {
    return kernelElements();
  }
}

/** The addresses and prefixes in all sets of bans of the table. As text: nft 1.0.6 dies where it has to write a flag that it knows not as JSON. */
export function kernelElements(table = 'dropset'): Set<string> {
  const text = execFileSync('nft', ['list', 'table', 'inet', table], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const elements = new Set<string>();
  for (const [, length, list = ''] of text.matchAll(/set ban[46](?:_(\d+))? {[^}]*elements = {([^}]*)}/g)) {
    for (const one of list.split(',')) {
      const [address] = one.trim().split(/\s/, 1);
      elements.add(length === undefined ? (address as string) : `${address}/${length}`);
    }
  }
  return elements;
}
