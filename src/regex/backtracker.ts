import { Machine } from './machine.js';
import { Groups, type Match, type Search, type Span } from './match.js';
import type { Program } from './program.js';

const machine = new Machine();

/** A search by the machine of this room. */
export class Backtracker implements Search {
  readonly #program: Program;
  readonly #names: ReadonlyMap<string, number>;
  readonly #hasSpans: boolean;

  constructor(program: Program, names: ReadonlyMap<string, number>, hasSpans: boolean) {
    this.#program = program;
    this.#names = names;
    this.#hasSpans = hasSpans;
  }

  test(text: string): boolean {
    return machine.search(this.#program, text);
  }

  exec(text: string, from = 0): Match | undefined {
    if (!machine.search(this.#program, text, from)) return undefined;
    const spans = spansOf(machine.slots, this.#program.groupCount);
    const [index, end] = spans[0] as [number, number];
    const groups = new Groups();
    for (const [name, number] of this.#names) {
      const span = spans[number];
      groups[name] = span && text.slice(span[0], span[1]);
    }
    return { index, end, groups, ...(this.#hasSpans && { spans }) };
  }
}

function spansOf(slots: Int32Array, groupCount: number): Span[] {
  return Array.from({ length: groupCount + 1 }, (_, group) => {
    const [start, end] = [slots[2 * group] as number, slots[2 * group + 1] as number];
    return start >= 0 && end >= start ? [start, end] : undefined;
  });
}
