import { DEFAULT, type Ini, type Section, type Value } from './ini.js';
import { interpolate } from './interpolate.js';

/** Values that are put before those of the files, by lower-cased name. */
export type Variables = ReadonlyMap<string, string>;

const NONE: Variables = new Map();

/** Files that were merged, later ones over earlier ones. */
export class Configuration {
  readonly #defaults: Section = new Map();
  readonly #sections = new Map<string, Section>();
  readonly #missing: readonly string[];

  private constructor(missing: readonly string[]) {
    this.#missing = missing;
  }

  /**
   * @param files in the order of their reading.
   * @param missing paths of includes that are not there, for errors to name them.
   */
  static of(files: readonly Ini[], missing: readonly string[] = []): Configuration {
    const configuration = new Configuration(missing);
    for (const file of files) configuration.#merge(file);
    return configuration;
  }

  /** All sections but DEFAULT and those kept for `known/`, in the order of their first appearance. */
  get sections(): readonly string[] {
    return [...this.#sections.keys()].filter((name) => !name.startsWith('KNOWN/'));
  }

  /** The names of the section's own options. */
  options(section: string): readonly string[] {
    return [...(this.#sections.get(section)?.keys() ?? [])];
  }

  /** The section's own values, raw. */
  values(section: string): ReadonlyMap<string, Value> {
    return this.#sections.get(section) ?? new Map();
  }

  setDefault(option: string, text: string): void {
    this.#defaults.set(option, { text, origin: 'fail2ban', lines: [] });
  }

  /** Makes values available as `%(known/x)s` within the section. */
  setKnown(section: string, values: Variables): void {
    const own = this.#sections.get(section) ?? new Map<string, Value>();
    for (const [name, text] of values) {
      if (!name.startsWith('known/')) own.set(`known/${name}`, { text, origin: 'filter', lines: [] });
    }
    this.#sections.set(section, own);
  }

  /** Where the option stands that `get` would answer. */
  find(section: string, option: string): Value | undefined {
    return this.#sections.get(section)?.get(option) ?? this.#defaults.get(option);
  }

  /**
   * The interpolated value: of `variables`, else of the section, else of DEFAULT.
   *
   * @returns undefined where there is no such section or option.
   * @throws DropsetError `config`, where the interpolation fails.
   */
  get(section: string, name: string, variables: Variables = NONE): string | undefined {
    if (section !== DEFAULT && !this.#sections.has(section)) return undefined;
    const option = name.toLowerCase();
    const found = this.find(section, option);
    const text = variables.get(option) ?? found?.text;
    if (text === undefined) return undefined;
    const place = found && !variables.has(option) ? `${placeOf(found)}: ` : '';
    return this.interpolate(text, section, variables, `${place}option '${option}' of [${section}]`);
  }

  /** Interpolates a text as if it stood in the section. */
  interpolate(text: string, section: string, variables: Variables, where: string): string {
    const names = {
      plain: (name: string) =>
        name === '__name__' ? section : (variables.get(name) ?? this.find(section, name)?.text),
      qualified: (other: string, option: string) => this.#qualified(section, other, option),
      missing: this.#missing,
    };
    return interpolate(text, names, where);
  }

  /** As `get`, and knows `section/option`, `known/option` and `default/option` besides: what a `<tag>` may name. */
  getTag(section: string, tag: string, variables: Variables): string | undefined {
    const named = /^([\p{L}\p{N}_-]+)\/([^\s>]+)$/u.exec(tag);
    if (named) {
      const [, name = '', option = ''] = named;
      for (const other of tagSections(name, section)) {
        const value = this.get(other, option);
        if (value !== undefined) return value;
      }
    }
    return this.get(section, tag, variables);
  }

  #qualified(section: string, other: string, option: string): string | undefined {
    const fallback = this.#defaults.get(option)?.text;
    const kind = other.toLowerCase();
    if (kind === 'default') return fallback;
    if (kind === 'known') return this.#sections.get(`KNOWN/${section}`)?.get(option)?.text ?? fallback;
    const named = this.#sections.get(other);
    return named && (named.get(option)?.text ?? fallback);
  }

  #merge(file: Ini): void {
    for (const [name, value] of file.defaults) this.#defaults.set(name, value);
    for (const [name, section] of file.sections) {
      // [Init?family=inet6] x is the option `x?family=inet6` of [Init].
      const condition = /^([\p{L}\p{N}_]+)(\?.+)$/u.exec(name);
      if (condition) this.#mergeSection(condition[1] as string, renamed(section, condition[2] as string));
      else this.#mergeSection(name, section);
    }
  }

  #mergeSection(name: string, section: Section): void {
    const before = this.#sections.get(name);
    if (!before) {
      this.#sections.set(name, new Map(section));
      return;
    }
    const known = this.#sections.get(`KNOWN/${name}`) ?? new Map<string, Value>();
    for (const [option, value] of before) if (section.has(option)) known.set(option, value);
    this.#sections.set(`KNOWN/${name}`, known);
    for (const [option, value] of section) before.set(option, value);
  }
}

/** `FILE:LINE`, or what stands for a file. */
export const placeOf = ({ origin, lines }: Value): string =>
  lines[0] === undefined ? origin : `${origin}:${lines[0]}`;

const renamed = (section: Section, suffix: string): Section =>
  new Map([...section].map(([name, value]) => [name + suffix, value]));

function tagSections(name: string, section: string): readonly string[] {
  const kind = name.toLowerCase();
  if (kind === 'known') return [`KNOWN/${section}`, section];
  return [kind === 'default' ? DEFAULT : name];
}
