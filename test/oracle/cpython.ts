import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Question {
  readonly pattern: string;
  readonly texts: readonly string[];
  readonly multiline?: boolean;
  readonly ignoreCase?: boolean;
  /** Milliseconds for one search. */
  readonly limit?: number;
}

/** By group, 0 for the whole; null where unset. */
export type Spans = readonly ([number, number] | null)[];

export interface Answer {
  readonly error?: string;
  readonly names: readonly (readonly [name: string, number: number])[];
  readonly answers: readonly (Spans | null | 'late')[];
}

/** A CPython that answers what its `re` finds. */
export class CPython {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn('python3', ['test/oracle/re.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async ask(question: Question): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify({ multiline: false, ignoreCase: false, limit: 1000, ...question })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('python3 has ended');
    return JSON.parse(value) as Answer;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
