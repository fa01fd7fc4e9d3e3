import { DropsetError } from '../model/errors.js';
import { LONGEST_VALUE } from './interpolate.js';

/** What stands for tags that `options` do not have; undefined leaves the tag as it is. */
export type Lookup = (tag: string) => string | undefined;

/** The count of one tag in one value behind which fail2ban calls it a circle (helpers.py, MAX_TAG_REPLACE_COUNT). */
const REPEATS = 25;

/** Characters written by one expansion of all options, so that values that double each other come to an end. */
const WRITTEN = 1 << 25;

/**
 * Replaces `<tag>` within the values of all options, the innermost first (`<a-<b>>`), until nothing changes. Tags that
 * nobody knows stay: `<HOST>` and `<F-USER>` belong to the regular expressions, others to shells.
 *
 * @param origin the path that errors name.
 * @param ignore options that are neither expanded nor used.
 * @throws DropsetError `config`, for a value that refers to itself.
 */
export function expandTags(
  options: ReadonlyMap<string, string>,
  origin: string,
  lookup: Lookup,
  ignore: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const expansion = new Expansion(options, origin, lookup, ignore);
  while (expansion.pass());
  return expansion.options;
}

class Expansion {
  readonly options: Map<string, string>;
  readonly #origin: string;
  readonly #lookup: Lookup;
  readonly #ignore: ReadonlySet<string>;
  readonly #done = new Set<string>();
  readonly #counts = new Map<string, Map<string, number>>();
  #written = 0;

  constructor(options: ReadonlyMap<string, string>, origin: string, lookup: Lookup, ignore: ReadonlySet<string>) {
    this.options = new Map(options);
    this.#origin = origin;
    this.#lookup = lookup;
    this.#ignore = ignore;
  }

  /** Goes once over all options; answers whether another time could change something. */
  pass(): boolean {
    let again = false;
    for (const [name, before] of [...this.options]) {
      if (this.#ignore.has(name) || this.#done.has(name)) continue;
      const after = this.#expand(name, before);
      this.options.set(name, after);
      again ||= after !== before && /<[^ <>]+>/.test(after);
      if (!after.includes('<')) this.#done.add(name);
    }
    return again;
  }

  #expand(name: string, text: string): string {
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts);
    const tags = /<([^ <>]+)>/g;
    let value = text;
    for (let found = tags.exec(value); found; found = tags.exec(value)) {
      const tag = found[1] as string;
      if (this.#ignore.has(tag)) continue;
      if (tag === name || (counts.get(tag) ?? 1) > REPEATS) {
        throw this.#fault(`option '${name}' refers to itself, by way of <${tag}>`);
      }
      const replacement = this.options.get(tag) ?? this.#lookup(tag);
      if (replacement === undefined) continue;
      value = this.#replaced(name, value, tag, replacement);
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
      tags.lastIndex = found.index;
    }
    return value;
  }

  #replaced(name: string, value: string, tag: string, replacement: string): string {
    const replaced = value.replaceAll(`<${tag}>`, () => replacement);
    this.#written += replaced.length;
    if (replaced.length > LONGEST_VALUE || this.#written > WRITTEN) {
      throw this.#fault(`option '${name}' grows without measure while <${tag}> is put in`);
    }
    return replaced;
  }

  #fault(why: string): DropsetError {
    return new DropsetError('config', `${this.#origin}: ${why}`);
  }
}
