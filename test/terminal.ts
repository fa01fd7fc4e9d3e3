import { Readable, Writable } from 'node:stream';
import { dropset } from '../src/cli/dropset.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Terminal {
  readonly stdin?: string;
  /** Of standard error. */
  readonly isTTY?: boolean;
  /** Of standard output. */
  readonly isOutTTY?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A stream that keeps what is written to it. */
function paper(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write: (part, _encoding, done) => {
      written.push(String(part));
      done();
    },
  });
  return { written, stream: Object.assign(stream, { isTTY }) };
}

/** Calls the command line in this process. */
export async function type(argv: readonly string[], terminal: Terminal = {}): Promise<Ended> {
  const [out, err] = [paper(terminal.isOutTTY ?? false), paper(terminal.isTTY ?? false)];
  const code = await dropset(argv, {
    stdin: Readable.from(terminal.stdin === undefined ? [] : [Buffer.from(terminal.stdin)]),
    stdout: out.stream,
    stderr: err.stream,
    environment: terminal.environment ?? {},
  });
  return { code, stdout: out.written.join(''), stderr: err.written.join('') };
}
