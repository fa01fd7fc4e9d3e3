import type { Surroundings } from '../command.js';

/** Control sequences of xterm, which every terminal that is in use knows (man console_codes, xterm's ctlseqs). */
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** The whole terminal, until `close`: then it is as it was, whatever happened meanwhile. */
export class Screen {
  readonly #surroundings: Pick<Surroundings, 'stdin' | 'stdout'>;
  readonly #over = new AbortController();
  #resized: () => void = () => undefined;

  constructor(surroundings: Pick<Surroundings, 'stdin' | 'stdout'>) {
    this.#surroundings = surroundings;
  }

  /** Aborted when somebody wants to leave: q, Ctrl-C, or a signal. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  get columns(): number {
    return this.#surroundings.stdout.columns || 80;
  }

  get rows(): number {
    return this.#surroundings.stdout.rows || 24;
  }

  /** @param resized called when the terminal has another size. */
  open(resized: () => void): void {
    const { stdin, stdout } = this.#surroundings;
    this.#resized = resized;
    // Also where an error that nobody catches ends the process.
    process.on('exit', this.#restore);
    for (const name of SIGNALS) process.on(name, this.#leave);
    stdout.on('resize', this.#resized);
    if (stdin.isTTY) {
      stdin.setRawMode?.(true);
      stdin.on('data', this.#key);
    }
    stdout.write(ENTER);
  }

  close(): void {
    const { stdin, stdout } = this.#surroundings;
    process.removeListener('exit', this.#restore);
    for (const name of SIGNALS) process.removeListener(name, this.#leave);
    stdout.removeListener('resize', this.#resized);
    stdin.removeListener('data', this.#key);
    stdin.pause();
    this.#restore();
  }

  /** As many lines as there is room for, written at once, over what was there. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, this.rows).map((line) => line + REST_OF_LINE);
    this.#surroundings.stdout.write(`${HOME}${shown.join('\r\n')}${REST_OF_SCREEN}`);
  }

  readonly #leave = (): void => this.#over.abort();

  readonly #key = (bytes: Buffer | string): void => {
    // In raw mode Ctrl-C is a byte, and no signal.
    if (['q', 'Q', '\u0003'].some((key) => String(bytes).includes(key))) this.#leave();
  };

  readonly #restore = (): void => {
    const { stdin, stdout } = this.#surroundings;
    if (stdin.isTTY) stdin.setRawMode?.(false);
    stdout.write(LEAVE);
  };
}
