import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Debian's package, as scripts/fail2ban has unpacked it. */
export const ROOT = resolve('.cache/fail2ban');

export const CONFIGURATION = `${ROOT}/etc/fail2ban`;

/** fail2ban's Python. */
export const FAIL2BAN = `${ROOT}/usr/lib/python3/dist-packages`;

/** fail2ban itself in a child process: what it answers is what is right. */
export class Oracle {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** `script` is a program of `test/oracle`, which answers JSON lines with JSON lines. */
  constructor(script: string) {
    const env = { ...process.env, PYTHONPATH: FAIL2BAN, PYTHONDONTWRITEBYTECODE: '1' };
    this.#child = spawn('python3', [`test/oracle/${script}`], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const output = createInterface({ input: this.#child.stdout as Readable });
    this.#lines = output[Symbol.asyncIterator]();
  }

  async ask(question: unknown): Promise<unknown> {
    (this.#child.stdin as Writable).write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the oracle has ended');
    return JSON.parse(value);
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await once(this.#child, 'close');
  }
}
