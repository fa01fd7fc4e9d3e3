import { DateDetector } from '../dates/detector.js';
import { LocalZone } from '../dates/local-zone.js';
import type { YearRange } from '../dates/years.js';
import type { Clock } from '../model/clock.js';
import type { FilterDefinition } from '../model/definition.js';
import type { Match } from '../regex/match.js';
import { type Compiled, type CompiledFilter, compileExpressions } from './compiled.js';
import { type Dated, Dating } from './dating.js';
import { type Complements, complementsOf, complete, type Groups } from './groups.js';
import { type Identity, identityOf } from './identity.js';
import { type Finding, findingOf, Sessions } from './sessions.js';
import { type Entry, Window } from './window.js';

export interface FilterOptions {
  readonly now: Clock;
  /** Milliseconds; what was there before and is older is of no use. Absent: every line is judged, as tools do. */
  readonly findtime?: number;
  /** Whether `<HOST>` may be a host name; true where absent. */
  readonly resolvesNames?: boolean;
  /** `logtimezone`: `UTC+0200`. */
  readonly logtimezone?: string;
  /** IANA name of the zone that dates without one are in; the process's where absent. */
  readonly zone?: string;
  /** The years that a date may lie in; those around now where absent. */
  readonly years?: YearRange;
  /** Try every failregex on each line, and tell of lines that are no failure too: for tools. */
  readonly everyRegex?: boolean;
  /** Tell of lines that are no failure too, even if the first hit wins; a hit's finding does not change then. For tools. */
  readonly everyHit?: boolean;
  /** Told what is searched for, so that whoever interrupts a search knows. */
  readonly attempt?: Attempt;
}

/** What a filter is searching for: undefined between lines, `date` while it looks for a date. */
export interface Attempt {
  compiled: Compiled | 'date' | undefined;
}

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
  readonly isAscii: boolean;
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
  readonly #complements: ReadonlyMap<Compiled, Complements>;
  /** Groups of prefregex that a failure has too. */
  readonly #outerNames: readonly string[];
  readonly #attempt: Attempt;
  readonly #ignoresFirst: boolean;
  readonly #tellsAll: boolean;
  /** Expressions that are not searched for, and until when. */
  readonly #setAside = new Map<Compiled, number>();
  /** What is being searched in, so that a search can be tried again. */
  #searched = { text: '', isAscii: true };
  #ignored = 0;

  /** @throws DropsetError `filter`, for an expression or a date pattern that cannot be used. */
  constructor(definition: FilterDefinition, options: FilterOptions) {
    this.definition = definition;
    this.expressions = compileExpressions(definition, options.resolvesNames ?? true);
    this.detector = new DateDetector({
      now: options.now,
      ...(definition.datepattern !== undefined && { datepattern: definition.datepattern }),
      ...(options.logtimezone !== undefined && { timezone: options.logtimezone }),
      ...(options.zone !== undefined && { zone: new LocalZone(options.zone) }),
      ...(options.years && { years: options.years }),
    });
    this.#options = options;
    this.#dating = new Dating({ ...options, detector: this.detector });
    this.#sessions = new Sessions(options.now);
    this.#window = definition.maxlines > 1 ? new Window(definition.maxlines) : undefined;
    this.#complements = complementsOfAll(this.expressions);
    this.#outerNames = outerNamesOf(this.expressions);
    this.#attempt = options.attempt ?? { compiled: undefined };
    this.#tellsAll = (options.everyRegex || options.everyHit) === true;
    // fail2ban's rule: the few are asked before the many.
    this.#ignoresFirst =
      definition.ignoreregex.length > 0 && definition.ignoreregex.length < definition.failregex.length - 2;
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
    else this.#setAside.set(culprit, until);
  }

  /** Does once more, by itself, what was interrupted. */
  retry(culprit: Compiled | 'date'): void {
    const { text, isAscii } = this.#searched;
    if (culprit === 'date') this.detector.match(text, isAscii);
    else culprit.pattern.exec(text, isAscii);
  }

  /**
   * What the line says. The first failregex that hits wins, unless every one is asked for.
   *
   * @param given the line's time, where its source knows it.
   * @param skip by failregex: not 0 where it is known that it cannot match.
   */
  match(line: string, isAscii: boolean, given?: number, skip?: Uint8Array): readonly Hit[] {
    this.#attempt.compiled = 'date';
    this.#searched = { text: line, isAscii };
    const dated = this.#dating.date(line, isAscii, given);
    const hits = dated ? this.#judge({ text: dated.text, line }, dated, isAscii, skip) : NONE;
    this.#attempt.compiled = undefined;
    return hits;
  }

  #judge(entry: Entry, dated: Dated, isAscii: boolean, skip: Uint8Array | undefined): readonly Hit[] {
    this.#window?.push(entry);
    const text = this.#window ? this.#window.text : `${entry.text}\n`;
    const scene: Scene = { entry, dated, isAscii, text, outer: undefined };
    if (this.#ignoresFirst && this.#isIgnored(text, isAscii)) return NONE;
    return this.#enter(scene) ? this.#search(scene, skip) : NONE;
  }

  /** Lets prefregex decide whether to search at all, and in which part. */
  #enter(scene: Scene): boolean {
    const { prefregex } = this.expressions;
    if (!prefregex) return true;
    const match = this.#exec(prefregex, scene.text, scene.isAscii);
    if (!match) return false;
    scene.outer = this.#groupsOf(prefregex, match);
    const { content } = scene.outer;
    if (content) scene.text = `${content}\n`;
    return true;
  }

  #search(scene: Scene, skip: Uint8Array | undefined): readonly Hit[] {
    let hits: Hit[] | undefined;
    for (const compiled of this.expressions.failregex) {
      if (skip?.[compiled.index]) continue;
      const match = this.#exec(compiled, scene.text, scene.isAscii);
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
    const { text, dated, isAscii } = scene;
    const entries = this.#window ? this.#window.matched(match, text) : [scene.entry];
    const isIgnored = this.#isIgnored(this.#window ? textOf(entries) : text, isAscii);
    // A line of nobody knows when is no reason to ban somebody now; a tool shows it all the same.
    const isUseless = !isIgnored && dated.time === undefined && this.#options.findtime !== undefined;
    if (!isUseless) this.#window?.remove(match, text);
    if (isIgnored || isUseless) return undefined;
    const finding = this.#finding(this.#merged(compiled, match, scene.outer), entries);
    if (finding.isNoFailure && !this.#tellsAll) return undefined;
    const identity = identityOf(finding.groups);
    if (!identity) finding.isPending = true;
    // A tool keeps it, and the session goes on.
    const kept = this.#tellsAll ? { ...finding, groups: { ...finding.groups } } : finding;
    return { regex: compiled.index, identity, time: dated.time, finding: kept };
  }

  #finding(groups: Groups, entries: readonly Entry[]): Finding {
    const lines = entries.map(({ line }) => line);
    const { mlfid } = groups;
    return mlfid === undefined ? findingOf(groups, lines) : this.#sessions.merge(mlfid, groups, lines);
  }

  /** What the expression captured, and what only prefregex did. Both objects are the match's own: nobody else has them. */
  #merged(compiled: Compiled, match: Match, outer: Groups | undefined): Groups {
    const groups = this.#groupsOf(compiled, match);
    if (!outer) return groups;
    for (const name of this.#outerNames) {
      if (groups[name] === undefined && outer[name] !== undefined) groups[name] = outer[name];
    }
    return groups;
  }

  #groupsOf(compiled: Compiled, match: Match): Groups {
    const complements = this.#complements.get(compiled);
    if (complements) complete(match.groups, complements);
    return match.groups;
  }

  #isIgnored(text: string, isAscii: boolean): boolean {
    for (const compiled of this.expressions.ignoreregex) {
      if (!this.#exec(compiled, text, isAscii)) continue;
      this.#ignored++;
      return true;
    }
    return false;
  }

  #exec(compiled: Compiled, text: string, isAscii: boolean): Match | undefined {
    if (this.#setAside.size > 0 && this.#isSetAside(compiled)) return undefined;
    this.#attempt.compiled = compiled;
    this.#searched.text = text;
    return compiled.pattern.exec(text, isAscii);
  }

  #isSetAside(compiled: Compiled): boolean {
    const until = this.#setAside.get(compiled);
    if (until === undefined) return false;
    if (until > this.#options.now()) return true;
    this.#setAside.delete(compiled);
    return false;
  }
}

const textOf = (entries: readonly Entry[]): string => `${entries.map(({ text }) => text).join('\n')}\n`;

function complementsOfAll({ prefregex, failregex }: CompiledFilter): ReadonlyMap<Compiled, Complements> {
  const all = new Map<Compiled, Complements>();
  for (const compiled of prefregex ? [prefregex, ...failregex] : failregex) {
    const complements = complementsOf(compiled.pattern.groupNames);
    if (complements) all.set(compiled, complements);
  }
  return all;
}

function outerNamesOf({ prefregex }: CompiledFilter): readonly string[] {
  if (!prefregex) return [];
  const { groupNames } = prefregex.pattern;
  const completed = complementsOf(groupNames)?.alternates.map(({ to }) => to) ?? [];
  return [...new Set([...groupNames, ...completed])].filter((name) => name !== 'content');
}
