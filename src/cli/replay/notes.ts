/** Different sentences that are kept; a crafted log can have a million of them. */
const MOST = 50;

/** What an operator should know, each sentence once. */
export class Notes {
  readonly #sentences = new Set<string>();
  #left = 0;

  add(sentence: string): void {
    if (this.#sentences.size < MOST) this.#sentences.add(sentence);
    else if (!this.#sentences.has(sentence)) this.#left++;
  }

  get all(): readonly string[] {
    return this.#left === 0 ? [...this.#sentences] : [...this.#sentences, `and ${this.#left} more such sentences`];
  }
}
