import { DropsetError } from '../model/errors.js';
import { DEFAULT_PATTERNS } from './defaults.js';
import { epochPatternTemplate, epochTemplate, hasEpochToken, patternTemplate, tai64nTemplate } from './kinds.js';
import { DateTemplate, type TemplateSource } from './template.js';
import type { YearRange } from './years.js';

const LINE_BEGIN = '{^LN-BEG}';
const DATE = /(?<!\\)\{DATE\}/gi;

/** A template of the default list at the line's begin is preferred to those that look anywhere. */
const PREFERRED = 100;

/** The ways in which the names of epochs and TAI64N say that they stand at the line's begin. */
const wordsOf = (word: string): readonly string[] => [word, LINE_BEGIN + word, `^${word}`];
const EPOCHS = wordsOf('EPOCH');
const LONG_EPOCHS = wordsOf('LEPOCH');
const TAI64NS = wordsOf('TAI64N');

/**
 * Makes the templates of one detector out of a filter's `datepattern` (server/datedetector.py). The same text is the same template
 * wherever it is asked for, and it may be asked for by its own name.
 */
export class Catalogue {
  readonly #years: YearRange;
  readonly #known = new Map<string, DateTemplate>();

  constructor(years: YearRange) {
    this.#years = years;
  }

  /**
   * The templates of a `datepattern`, one pattern a line; the default list where it is empty.
   *
   * @throws DropsetError `filter`, for a pattern that is none, and for one that is there twice.
   */
  templates(datepattern = ''): DateTemplate[] {
    const patterns = datepattern
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const list: DateTemplate[] = [];
    for (const pattern of patterns) this.#append(list, pattern);
    return list.length > 0 ? list : this.#all();
  }

  #append(list: DateTemplate[], pattern: string): void {
    const several = this.#several(pattern, keyOf(pattern));
    if (several) appendSeveral(list, several);
    else appendOne(list, compiled(this.#get(pattern)));
  }

  /** The templates of a pattern that stands for many; undefined for any other. */
  #several(pattern: string, key: string): DateTemplate[] | undefined {
    // Alone it leaves the list empty, and so the default one is used; beside others it adds nothing there either.
    if (key === '{DEFAULT}') return [];
    if (key === LINE_BEGIN) return this.#all().filter((template) => template.isAnchored);
    if (!key.includes('{DATE}')) return undefined;
    return this.#defaults().map((template) => compiled(this.#derived(template, (text) => insertDate(pattern, text))));
  }

  /** All default templates, those at the line's begin before those that look anywhere. */
  #all(): DateTemplate[] {
    const anywhere = this.#defaults();
    const anchored = anywhere.filter(({ name }) => !name.startsWith(LINE_BEGIN) && !name.startsWith('^'));
    const atBegin = anchored.map((template) => this.#derived(template, (text) => LINE_BEGIN + text));
    for (const template of atBegin) template.weight = PREFERRED;
    return [...atBegin, ...anywhere];
  }

  #defaults(): DateTemplate[] {
    return DEFAULT_PATTERNS.map((pattern) => this.#get(pattern));
  }

  /** A template with text put around its pattern; around its name where it has no pattern, for the name is one then. */
  #derived(template: DateTemplate, wrap: (text: string) => string): DateTemplate {
    return this.#known.get(wrap(template.name)) ?? this.#get(wrap(template.pattern ?? template.name));
  }

  #get(pattern: string): DateTemplate {
    const key = keyOf(pattern);
    let template = this.#known.get(key);
    if (!template) {
      template = new DateTemplate(this.#source(pattern, key));
      this.#known.set(key, template);
    }
    return template;
  }

  #source(pattern: string, key: string): TemplateSource {
    if (key.includes('EPOCH') && hasEpochToken(pattern)) return epochPatternTemplate(pattern, key.includes('LEPOCH'));
    if (EPOCHS.includes(key)) return epochTemplate(false, key !== 'EPOCH');
    if (LONG_EPOCHS.includes(key)) return epochTemplate(true, key !== 'LEPOCH');
    if (TAI64NS.includes(key)) return tai64nTemplate(key !== 'TAI64N');
    return patternTemplate(key === '{NONE}' ? '{UNB}^' : pattern, this.#years);
  }
}

/** Now, and not with the first line: now the operator is there. The default templates need no proof. */
function compiled(template: DateTemplate): DateTemplate {
  template.compile();
  return template;
}

/** Patterns without tokens are words, whose case does not matter. */
const keyOf = (pattern: string): string => (pattern.includes('%') ? pattern : pattern.toUpperCase());

/** A default pattern in the place of `{DATE}`, without the boundary that it has by itself. */
const insertDate = (pattern: string, text: string): string =>
  pattern.replace(DATE, () => (text.startsWith(LINE_BEGIN) ? text.slice(LINE_BEGIN.length) : text));

function appendOne(list: DateTemplate[], template: DateTemplate): void {
  if (list.some(({ name }) => name === template.name)) {
    throw new DropsetError(
      'filter',
      `date pattern '${template.pattern ?? template.name}' is there twice; leave one of them out`,
    );
  }
  list.push(template);
}

/** Behind explicit patterns, those of a list that are there already are left out. */
function appendSeveral(list: DateTemplate[], several: readonly DateTemplate[]): void {
  const isFirst = list.length === 0;
  for (const template of several) {
    if (isFirst || !list.some(({ name }) => name === template.name)) list.push(template);
  }
}
