import type { DateDetector } from '../dates/detector.js';
import type { FilterDefinition } from '../model/definition.js';
import type { Match } from '../regex/match.js';
import { Captures } from './captures.js';
import { type Compiled, type CompiledFilter, compileExpressions } from './compiled.js';
import { type Dated, Dating } from './dating.js';
import type { Groups } from './groups.js';
import { type Identity, identityOf } from './identity.js';
import { detectorOf, type FilterOptions } from './options.js';
import { Searches } from './searches.js';
import { type Finding, findingOf, Sessions } from './sessions.js';
import { type Entry, textOf, Window } from './window.js';

export type { Attempt } from './searches.js';

/** A failregex that hit a line. */
export interface Hit {
  /** Number of the failregex, from 0. */
  readonly regex: number;
  /** Undefined while it is not known who failed. */
  readonly identity: Identity | undefined;
  /** Milliseconds since the epoch; undefined for an undated line. */
  readonly time: number | undefined;
  /** Belongs to the filter, which goes on with it at the session's next line. */
  readonly finding: Finding;
}

/** One line on its way through the expressions. */
interface Scene {
  readonly entry: Entry;
  readonly dated: Dated;
  /** What is searched in: ends with a newline, as in fail2ban, whose expressions count on it. */
  text: string;
  /** What prefregex captured. */
  outer: Groups | undefined;
}

const NONE: readonly Hit[] = [];

/** Says what a line means: that somebody failed, or nothing. Has a memory: of sessions, dates, and lines to join. */
export class Filter {
  readonly definition: FilterDefinition;
  readonly expressions: CompiledFilter;
  readonly detector: DateDetector;
  readonly #options: FilterOptions;
  readonly #dating: Dating;
  readonly #sessions: Sessions;
  readonly #window: Window | undefined;
  readonly #captures: Captures;
  readonly #searches: Searches;
  readonly #ignoresFirst: boolean;
  readonly #tellsAll: boolean;
  #ignored = 0;

  /** @throws DropsetError `filter`, for an expression or a date pattern that cannot be used. */
  constructor(definition: FilterDefinition, options: FilterOptions) {
    this.definition = definition;
    this.expressions = compileExpressions(definition, options.resolvesNames ?? true);
    this.detector = detectorOf(definition, options);
    this.#options = options;
    this.#dating = new Dating({ ...options, detector: this.detector });
    this.#sessions = new Sessions(options.now);
    this.#window = definition.maxlines > 1 ? new Window(definition.maxlines) : undefined;
    this.#captures = new Captures(this.expressions);
    this.#searches = new Searches(options.now, options.attempt ?? { compiled: undefined });
    this.#ignoresFirst = ignoresFirst(definition);
    this.#tellsAll = (options.everyRegex || options.everyHit) === true;
  }

  /**
   * Searches for everything twice in as good as nothing: V8 generates an expression's code at its second use, which takes
   * longer than many searches, and no line should be blamed for that. Text that is not ASCII has expressions of its own.
   */
  warmUp(kind: 'ascii' | 'other'): void {
    const { prefregex, failregex, ignoreregex } = this.expressions;
    const text = kind === 'ascii' ? '\n' : '\u00e9\n';
    for (let use = 0; use < 2; use++) {
      for (const { pattern } of [...(prefregex ? [prefregex] : []), ...failregex, ...ignoreregex]) pattern.test(text);
      this.detector.warmUp(text);
    }
  }

  /** Whether lines are read as they are written; see `Dating`. */
  set isLive(isLive: boolean) {
    this.#dating.isLive = isLive;
  }

  /** Lines that ignoreregex took back, and those with a date that is of no use. */
  get counts(): { readonly ignored: number; readonly outdated: number; readonly skewed: number } {
    return { ignored: this.#ignored, ...this.#dating.counts };
  }

  /** Goes on without an expression, or without looking for dates, until `until`. */
  setAside(culprit: Compiled | 'date', until: number): void {
    if (culprit === 'date') this.#dating.blindUntil = until;
    else this.#searches.setAside(culprit, until);
  }

  /** Does once more, by itself, what was interrupted. */
  retry(culprit: Compiled | 'date'): void {
    const { text, isAscii } = this.#searches.last;
    if (culprit === 'date') this.detector.match(text, isAscii);
    else culprit.pattern.exec(text, isAscii);
  }

  /**
   * What the line says. The first failregex that hits wins, unless every one is asked for.
   *
   * @param given the line's time, where its source knows it.
   * @param skip by failregex: not 0 where it is known that the line has nothing of what it needs.
   */
  match(line: string, isAscii: boolean, given?: number, skip?: Uint8Array): readonly Hit[] {
    if (!this.#window) return this.#look(line, isAscii, given, skip);
    const hasTrigger = skip?.includes(0) ?? true;
    if (this.#window.opens(hasTrigger)) return this.#lookInto(this.#window, line, isAscii, given);
    this.#window.pass({ line, isAscii, given });
    return NONE;
  }

  /** Looks for what the line completes. What an expression needs may be in the lines before, so that none is spared. */
  #lookInto(window: Window, line: string, isAscii: boolean, given: number | undefined): readonly Hit[] {
    this.#recall(window);
    window.begin();
    const hits = this.#look(line, isAscii, given, undefined);
    window.end();
    return hits;
  }

  #look(line: string, isAscii: boolean, given: number | undefined, skip: Uint8Array | undefined): readonly Hit[] {
    this.#searches.begin(line, isAscii);
    const dated = this.#dating.date(line, isAscii, given);
    const hits = dated ? this.#judge({ text: dated.text, line }, dated, skip) : NONE;
    this.#searches.end();
    return hits;
  }

  /** Puts the lines that were passed into the window. */
  #recall(window: Window): void {
    for (let passed = window.recall(); passed; passed = window.recall()) {
      const { line, isAscii, given } = passed;
      this.#searches.begin(line, isAscii);
      const dated = this.#dating.date(line, isAscii, given);
      if (dated) window.push({ text: dated.text, line });
    }
  }

  #judge(entry: Entry, dated: Dated, skip: Uint8Array | undefined): readonly Hit[] {
    const text = this.#window ? this.#joined(this.#window, entry) : `${entry.text}\n`;
    const scene: Scene = { entry, dated, text, outer: undefined };
    if (this.#ignoresFirst && this.#isIgnored(text)) return NONE;
    return this.#enter(scene) ? this.#search(scene, skip) : NONE;
  }

  #joined(window: Window, entry: Entry): string {
    window.push(entry);
    const { text } = window;
    this.#searches.widen(text);
    return text;
  }

  /** Lets prefregex decide whether to search at all, and in which part. */
  #enter(scene: Scene): boolean {
    const { prefregex } = this.expressions;
    if (!prefregex) return true;
    const match = this.#searches.exec(prefregex, scene.text);
    if (!match) return false;
    scene.outer = this.#captures.of(prefregex, match);
    const { content } = scene.outer;
    if (content) scene.text = `${content}\n`;
    return true;
  }

  #search(scene: Scene, skip: Uint8Array | undefined): readonly Hit[] {
    let hits: Hit[] | undefined;
    for (const compiled of this.expressions.failregex) {
      if (skip?.[compiled.index]) continue;
      const match = this.#searches.exec(compiled, scene.text);
      if (!match) continue;
      const hit = this.#hit(compiled, match, scene);
      if (hit) {
        hits ??= [];
        hits.push(hit);
      }
      if (!this.#options.everyRegex) break;
      if (this.#window) scene.text = this.#window.text;
    }
    return hits ?? NONE;
  }

  #hit(compiled: Compiled, match: Match, scene: Scene): Hit | undefined {
    const { text, dated } = scene;
    const entries = this.#window ? this.#window.matched(match, text) : [scene.entry];
    const isIgnored = this.#isIgnored(this.#window ? textOf(entries) : text);
    // A line of nobody knows when is no reason to ban somebody now; a tool shows it all the same.
    const isUseless = !isIgnored && dated.time === undefined && this.#options.findtime !== undefined;
    if (!isUseless) this.#window?.remove(match, text);
    if (isIgnored || isUseless) return undefined;
    const finding = this.#finding(this.#captures.joined(compiled, match, scene.outer), entries);
    if (finding.isNoFailure && !this.#tellsAll) return undefined;
    const identity = identityOf(finding.groups);
    if (!identity) finding.isPending = true;
    // A tool keeps it, and the session goes on.
    const kept = this.#tellsAll ? { ...finding, groups: { ...finding.groups } } : finding;
    return { regex: compiled.index, identity, time: dated.time, finding: kept };
  }

  #finding(groups: Groups, entries: readonly Entry[]): Finding {
    const [first] = entries;
    const lines = entries.length === 1 && first ? [first.line] : entries.map(({ line }) => line);
    const { mlfid } = groups;
    return mlfid === undefined ? findingOf(groups, lines) : this.#sessions.merge(mlfid, groups, lines);
  }

  #isIgnored(text: string): boolean {
    for (const compiled of this.expressions.ignoreregex) {
      if (!this.#searches.exec(compiled, text)) continue;
      this.#ignored++;
      return true;
    }
    return false;
  }
}

/** fail2ban's rule: the few are asked before the many. */
const ignoresFirst = ({ ignoreregex, failregex }: FilterDefinition): boolean =>
  ignoreregex.length > 0 && ignoreregex.length < failregex.length - 2;
