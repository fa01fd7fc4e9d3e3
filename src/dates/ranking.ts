import type { DateTemplate } from './template.js';

/** A template that was not used for this long makes room for others, whatever its rank: five minutes. */
const UNUSED = 300_000;

/**
 * The templates of a detector in the order in which they are tried. A template that wins moves up, so that a log's own format
 * comes first (server/datedetector.py, _reorderTemplate).
 */
export class Ranking {
  readonly #templates: DateTemplate[];
  /** Behind those that have been used, unless they moved apart. */
  #firstUnused = 0;

  /** Owns `templates` from here on, and reorders them in place. */
  constructor(templates: DateTemplate[]) {
    this.#templates = templates;
  }

  get templates(): readonly DateTemplate[] {
    return this.#templates;
  }

  get size(): number {
    return this.#templates.length;
  }

  at(index: number): DateTemplate | undefined {
    return this.#templates[index];
  }

  /** Notes that the template at `index` found a date at a column. */
  won(index: number, template: DateTemplate, column: number, now: number): void {
    template.hits++;
    template.lastUsed = now;
    template.distance = column;
    if (this.#firstUnused === index) this.#firstUnused++;
  }

  /** Moves the template at `index` up if it may; answers where it is then. */
  promote(index: number): number {
    const template = this.#templates[index] as DateTemplate;
    const place = this.#placeFor(index, template);
    if (place === index) return index;
    this.#templates.splice(index, 1);
    this.#templates.splice(place, 0, template);
    while (this.#templates[this.#firstUnused]?.hits) this.#firstUnused++;
    return place;
  }

  /** Far up if it outranks the one there, else one place, else none: not too often where formats take turns. */
  #placeFor(index: number, template: DateTemplate): number {
    const far = this.#firstUnused < index ? this.#firstUnused : index >> 1;
    if (this.#makesRoom(far, template)) return far;
    return this.#makesRoom(index - 1, template) ? index - 1 : index;
  }

  #makesRoom(place: number, template: DateTemplate): boolean {
    const other = this.#templates[place] as DateTemplate;
    return template.rank > other.rank || template.lastUsed - UNUSED > other.lastUsed;
  }
}
