/** Remembers, a bit each, which choices were made at which positions. */
export class Visited {
  #bits = new Uint32Array(0);
  #positions = 0;
  #isOn = false;
  #marks = 0;
  /** What was entered since the first mark, perhaps to be forgotten. */
  readonly #entered: number[] = [];

  /** Starts anew; with no choices nothing is remembered, and everything may be entered again. */
  begin(choices: number, positions: number): void {
    this.#isOn = choices > 0;
    this.#positions = positions;
    this.#entered.length = 0;
    this.#marks = 0;
    if (!this.#isOn) return;
    const words = Math.ceil((choices * positions) / 32);
    if (words > this.#bits.length) this.#bits = new Uint32Array(words);
    else this.#bits.fill(0, 0, words);
  }

  /** False if the choice was made at this position before. */
  enter(choice: number, position: number): boolean {
    if (!this.#isOn) return true;
    const bit = choice * this.#positions + position;
    const word = Math.floor(bit / 32);
    const mask = 1 << (bit & 31);
    if (((this.#bits[word] as number) & mask) !== 0) return false;
    this.#bits[word] = (this.#bits[word] as number) | mask;
    if (this.#marks > 0) this.#entered.push(bit);
    return true;
  }

  /** Each mark is followed by one `keep` or `forget`. */
  mark(): number {
    this.#marks++;
    return this.#entered.length;
  }

  /** What was entered since a mark led nowhere, and never will. */
  keep(): void {
    this.#marks--;
  }

  /** Forgets what was entered since a mark: a way that led to a success may be taken again. */
  forget(mark: number): void {
    this.#marks--;
    while (this.#entered.length > mark) {
      const bit = this.#entered.pop() as number;
      const word = Math.floor(bit / 32);
      this.#bits[word] = (this.#bits[word] as number) & ~(1 << (bit & 31));
    }
  }
}
