/**
 * Wakes one sleeper. A ring that nobody waits for is remembered, many rings are one; a stopped bell never lets
 * anybody sleep again.
 */
export class Bell {
  #rung = false;
  #stopped = false;
  #wake: (() => void) | undefined;

  get stopped(): boolean {
    return this.#stopped;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  stop(): void {
    this.#stopped = true;
    this.ring();
  }

  /** Resolves with the next ring, or at once if one came since the last wait. */
  async wait(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#rung = this.#stopped;
  }
}
