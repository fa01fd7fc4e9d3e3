import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramTarget } from '../config/types.js';
import { messageOf } from '../model/errors.js';
import { printable } from '../model/printable.js';
import { type Launched, native } from '../native.js';
import { type Delivery, Failed } from './delivery.js';
import { programFault } from './trust.js';

/** Milliseconds between SIGTERM and SIGKILL, and that its last output is waited for when it has ended. */
const PATIENCE = 1_000;
const LAST_WORDS = 200;

/** Milliseconds between two looks whether it has ended, at most: nobody tells it to who has not forked. */
const LONGEST_LOOK = 50;

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
    const run = new Run(this.target, this.#start(id));
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

  #start(id: string): Launched {
    const { name, target } = this.#options;
    const variables = [`PATH=${PATH}`, 'LC_ALL=C.UTF-8', `DROPSET_HOOK=${name}`, `DROPSET_CALL=${id}`];
    try {
      return native.launch([target.path, ...target.arguments], variables);
    } catch (thrown) {
      throw new Failed(`${target.path}: cannot be run: ${messageOf(thrown)}`);
    }
  }
}

/** One process, and what it starts. */
class Run {
  readonly #path: string;
  readonly #pid: number;
  readonly #input: Socket;
  readonly #output: Socket;
  #said = '';
  #isLate = false;

  constructor(path: string, { pid, input, output }: Launched) {
    this.#path = path;
    this.#pid = pid;
    // It need not read what it is told, nor say anything.
    this.#input = new Socket({ fd: input, readable: false, writable: true }).on('error', () => undefined);
    this.#output = new Socket({ fd: output, readable: true, writable: false }).on('error', () => undefined);
    this.#output.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT);
    });
    makeOrdinary(pid);
  }

  async end(body: string, timeout: number): Promise<void> {
    this.#input.end(body);
    const timers = [
      setTimeout(() => {
        this.#isLate = true;
        this.kill('SIGTERM');
      }, timeout),
      setTimeout(() => this.kill('SIGKILL'), timeout + PATIENCE),
    ];
    const how = await this.#ended();
    for (const timer of timers) clearTimeout(timer);
    await this.#lastWords();
    if (how === undefined && !this.#isLate) return;
    const words = this.#said.trim();
    const why = this.#isLate ? `took longer than ${timeout} ms` : how;
    throw new Failed(`${this.#path}: ${why}${words === '' ? '' : `: ${printable(words)}`}`);
  }

  /** All of its process group. */
  kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#pid, signal);
    } catch {
      // Nobody is left.
    }
  }

  /** Undefined for exit code 0. What it has left behind is killed: it would be more than one process a hook. */
  async #ended(): Promise<string | undefined> {
    for (let wait = 1; ; wait = Math.min(LONGEST_LOOK, wait * 2)) {
      await sleep(wait);
      const status = native.reap(this.#pid);
      if (status >= 0) return howOf(status);
    }
  }

  async #lastWords(): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    const closed = this.#output.destroyed || once(this.#output, 'close', { signal }).catch(() => undefined);
    await Promise.race([closed, sleep(LAST_WORDS, undefined, { signal }).catch(() => undefined)]);
    over.abort();
    this.#input.destroy();
    this.#output.destroy();
  }
}

/** A status of waitpid(2): W* of bits/waitstatus.h. */
function howOf(status: number): string | undefined {
  const signal = status & 0x7f;
  if (signal === 0) return status === 0 ? undefined : `exit code ${status >> 8}`;
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return `was killed (${name ?? signal})`;
}

/** The service is spared when memory is short (OOMScoreAdjust); what it starts is not. */
function makeOrdinary(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '0');
  } catch {
    // It has ended, or is somebody else's.
  }
}
