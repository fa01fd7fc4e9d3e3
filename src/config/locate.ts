import { type Place, scan } from './scan.js';

/** The keys on the way to a value; a number is an item of a list, from 0. */
export type Path = readonly (string | number)[];

/** Where things stand in a TOML text. The parser keeps no positions of values, and a fault without a line is a search. */
export class Places {
  readonly #root: Place;

  /** @param text TOML that the parser has accepted; of any other text the lines are guesses. */
  constructor(text: string) {
    this.#root = scan(text);
  }

  /** The line, from 1, of a key or item; of what is missing, that of the innermost section or key that is there. */
  line(path: Path): number {
    let place = this.#root;
    for (const part of path) {
      const inner = place.parts.get(part);
      if (!inner) break;
      place = inner;
    }
    return place.line;
  }
}
