import { run } from './command.js';
import { ReplacedFile } from './file.js';
import type { DenyfileOptions } from './options.js';

/**
 * A text on its way to a server: into the file's place, checked there, and the server told to read it. Where the check fails, what was there
 * before is back before anybody is told: a server reads what passed the check. Calls must not overlap.
 */
export class Publication {
  readonly #file: ReplacedFile;
  readonly #commands: Pick<DenyfileOptions, 'check' | 'reload'>;
  /** The digest of what is in the file, as far as we put it there or found it. */
  #digest: string | undefined;
  /** Whether the server has not been told of what is in the file. */
  #isUntold = false;

  constructor({ path, check, reload }: Pick<DenyfileOptions, 'path' | 'check' | 'reload'>) {
    this.#file = new ReplacedFile(path);
    this.#commands = { check, reload };
  }

  /** Looks at what an earlier run left, which may have ended before it told the server; false if that is nothing. @throws Error of the system */
  async recover(): Promise<boolean> {
    this.#digest = await this.#file.recover();
    this.#isUntold = true;
    return this.#digest !== undefined;
  }

  /** @throws Error with a sentence: then the file is as it was, or the server has not been told. */
  async publish(text: Iterable<string>): Promise<void> {
    const before = this.#digest;
    this.#digest = await this.#file.replace(text, before);
    if (this.#digest !== before) await this.#judge(before);
    if (!this.#isUntold) return;
    const failure = this.#commands.reload && (await run(this.#commands.reload));
    if (failure !== undefined) throw new Error(`the server was not told of ${this.#file.path}: ${failure}`);
    this.#isUntold = false;
  }

  /** Whether somebody else has changed or deleted the file. @throws Error of the system */
  async isForeign(): Promise<boolean> {
    return (await this.#file.digest()) !== this.#digest;
  }

  /** The next text is written, whatever is there. */
  forget(): void {
    this.#digest = undefined;
  }

  async #judge(before: string | undefined): Promise<void> {
    const failure = this.#commands.check && (await run(this.#commands.check));
    if (failure === undefined) {
      this.#isUntold = true;
      await this.#file.keep();
      return;
    }
    const isBack = await this.#file.takeBack();
    this.#digest = isBack ? before : undefined;
    const what = isBack ? 'what was there before is back' : 'is gone again, as there was none before';
    throw new Error(`${this.#file.path} did not pass its check, and ${what}: ${failure}`);
  }
}
