import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramTarget } from '../config/types.js';
import { printable } from '../model/printable.js';
import { native } from '../native.js';
import { type Delivery, Failed } from './delivery.js';
import { programFault } from './trust.js';

/** Milliseconds between SIGTERM and SIGKILL, and that its last output is waited for when it has ended. */
const PATIENCE = 1_000;
const LAST_WORDS = 200;

/** Characters of its output that are kept, the last ones. */
const KEPT = 300;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface ProgramOptions {
  readonly name: string;
  readonly target: ProgramTarget;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * A program that is run for each call, with the body at its standard input. No shell; words as they are configured; an environment of three
 * variables; a session of its own, of which nothing is left when it has ended; none of the service's capabilities and descriptors.
 */
export class Program implements Delivery {
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  get target(): string {
    return this.#options.target.path;
  }

  fault(): string | undefined {
    return programFault(this.target);
  }

  async call(body: string, id: string, signal: AbortSignal): Promise<void> {
    const fault = this.fault();
    if (fault !== undefined) throw new Failed(fault);
    const run = new Run(this.#start(id));
    const stop = (): void => run.kill('SIGKILL');
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await run.end(body, this.#options.timeout);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {}

  #start(id: string): ChildProcess {
    const { name, target } = this.#options;
    const env = { PATH, LC_ALL: 'C.UTF-8', DROPSET_HOOK: name, DROPSET_CALL: id };
    return native.withhold(() =>
      spawn(target.path, target.arguments, { env, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] }),
    );
  }
}

/** One process, and what it starts. */
class Run {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string | undefined>;
  #said = '';
  #isLate = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-KEPT);
      });
    }
    // It need not read what it is told.
    child.stdin?.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be run: ${error.message}`));
      child.once('exit', (code, by) =>
        resolve(code === 0 ? undefined : by ? `was killed (${by})` : `exit code ${code}`),
      );
    });
    if (child.pid !== undefined) makeOrdinary(child.pid);
  }

  async end(body: string, timeout: number): Promise<void> {
    this.#child.stdin?.end(body);
    const timers = [
      setTimeout(() => {
        this.#isLate = true;
        this.kill('SIGTERM');
      }, timeout),
      setTimeout(() => this.kill('SIGKILL'), timeout + PATIENCE),
    ];
    const how = await this.#ended;
    for (const timer of timers) clearTimeout(timer);
    // What it has left behind would be more than one process a hook.
    this.kill('SIGKILL');
    await this.#lastWords();
    if (how === undefined && !this.#isLate) return;
    const words = this.#said.trim();
    const why = this.#isLate ? `took longer than ${timeout} ms` : how;
    throw new Failed(`${this.#child.spawnfile}: ${why}${words === '' ? '' : `: ${printable(words)}`}`);
  }

  /** All of its process group. */
  kill(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left.
    }
  }

  async #lastWords(): Promise<void> {
    const { stdin, stdout, stderr } = this.#child;
    if (this.#child.pid !== undefined) {
      const over = new AbortController();
      const closed = new Promise((resolve) => this.#child.once('close', resolve));
      await Promise.race([closed, sleep(LAST_WORDS, undefined, { signal: over.signal }).catch(() => undefined)]);
      over.abort();
    }
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
  }
}

/** The service is spared when memory is short (OOMScoreAdjust); what it starts is not. */
function makeOrdinary(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '0');
  } catch {
    // It has ended, or is somebody else's.
  }
}
