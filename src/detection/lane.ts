import type { JailConfig } from '../config/types.js';
import type { Compiled } from '../filters/compiled.js';
import type { Attempt, Filter, Hit } from '../filters/filter.js';
import { gatesOf } from '../filters/sieve.js';
import type { BanVerdict, Line } from '../model/street.js';
import type { Scanner } from '../scan/scanner.js';
import type { Chunk } from '../sources/chunk.js';
import { type Decode, decoderOf, isAsciiCompatible } from './decode.js';
import type { Guard } from './guard.js';
import { type Connection, Switchboard } from './switchboard.js';

/** Milliseconds that a slice of lines may take, far more than it does; and one expression on one line, tried again by itself. */
const SLICE_BUDGET = 50;
const RETRY_BUDGET = 40;

/** A line that is left in its middle so often has had its time, even if no expression is to blame by itself. */
const MOST_INTERRUPTIONS = 5;

/** After so many milliseconds a slice ends by itself, so that its budget is only ever overrun by one expression. */
const SLICE = 8;

/** Who has lines read: a jail, or who looks for logins in its lines. */
export interface Reader {
  readonly config: Pick<JailConfig, 'encoding'>;
  readonly filter: Filter;
  /** Counts lines that the scanner passed for it. */
  saw(lines: number): void;
  /** The verdict, if a hit is the last straw. */
  consider(hit: Hit, line: Line): BanVerdict | undefined;
  /** A pattern ran out of its time. */
  overran(culprit: Compiled | 'date', line: string): void;
}

interface Track extends Connection {
  readonly watch: Reader;
  readonly decode: Decode;
  /** Whether the scanner's look at the bytes says nothing about the text. */
  readonly isWide: boolean;
}

/** A hit, not yet counted. */
interface Found {
  readonly watch: Reader;
  readonly hit: Hit;
  readonly line: Line;
}

/** Hits of a line by the turns that found them. */
type Kept = Map<number, Found>;

/** The line that is being judged, so that an interrupted slice can go on with it. */
interface Current {
  readonly start: number;
  readonly end: number;
  isAscii: boolean;
  readonly time: number | undefined;
  /** Tracks that it concerns, and which of them has its turn. */
  readonly tracks: readonly number[];
  turn: number;
  text: string;
  /** What `text` was made by. */
  decode: Decode | undefined;
  /** How often it was left in its middle. */
  interruptions: number;
}

/** All jails that read the same source, and the scanner that they share. */
export class Lane {
  readonly #tracks: readonly Track[];
  readonly #switchboard: Switchboard;
  readonly #scanner: Scanner;
  readonly #guard: Guard;
  readonly #attempt: Attempt;
  #chunk: Chunk | undefined;
  #current: Current | undefined;
  /** By the lines' begins, in order. */
  #found = new Map<number, Kept>();
  #read = 0;
  /** The scanner has stopped at a line that is not yet `#current`. */
  #isStopped = false;

  constructor(watches: readonly Reader[], guard: Guard, attempt: Attempt) {
    const numbers = new Map<string, number>();
    const number = (literal: string): number => {
      const known = numbers.get(literal) ?? numbers.size;
      numbers.set(literal, known);
      return known;
    };
    this.#tracks = watches.map((watch) => trackOf(watch, number));
    this.#switchboard = new Switchboard(this.#tracks, [...numbers.keys()]);
    this.#scanner = this.#switchboard.scanner;
    this.#guard = guard;
    this.#attempt = attempt;
  }

  /** Bytes of the chunk behind which no line has been considered yet, between two slices: it can be gone on with from there. */
  get read(): number {
    return this.#read;
  }

  /** Judges a chunk of lines, slice by slice: between two, others may have their turn. */
  *judge(chunk: Chunk): Generator<readonly BanVerdict[]> {
    this.#chunk = chunk;
    // Of a chunk whose judgement was given up.
    this.#current = undefined;
    this.#found.clear();
    this.#read = 0;
    this.#isStopped = false;
    this.#scanner.take(chunk.bytes);
    for (const { watch } of this.#tracks) watch.filter.isLive = !chunk.isBacklog;
    let isDone = false;
    while (!isDone) {
      // Asked for outside: Node makes `performance` when it is first asked for, and an interrupt then would leave us without.
      const deadline = performance.now() + SLICE;
      const isInTime = this.#guard.run(SLICE_BUDGET, () => {
        isDone = this.#slice(deadline);
      });
      if (!isInTime) this.#interrupted();
      if (isDone) this.#done(chunk);
      yield this.#verdicts();
    }
    this.#chunk = undefined;
  }

  /** Before the last verdicts are told: who hears of them may ask at once how many lines there were. */
  #done({ bytes }: Chunk): void {
    this.#read = bytes.length;
    for (const { watch } of this.#tracks) watch.saw(this.#scanner.lines);
  }

  /** Judges lines until the chunk's end (true), or until `deadline`. */
  #slice(deadline: number): boolean {
    let lines = 0;
    if (this.#current) this.#finish(this.#current);
    // An interrupt may come where `#stopped` begins: the scanner has passed the line by then, and would not stop at it again.
    while (this.#isStopped || this.#scanner.next()) {
      this.#isStopped = true;
      this.#current = this.#stopped();
      this.#isStopped = false;
      this.#finish(this.#current);
      if ((++lines & 63) === 0 && performance.now() > deadline) return false;
    }
    return true;
  }

  #stopped(): Current {
    const { start, end, isAscii } = this.#scanner;
    const time = this.#chunk?.times?.[this.#scanner.lines - 1];
    return {
      start,
      end,
      isAscii,
      time,
      tracks: this.#switchboard.filters(),
      turn: 0,
      text: '',
      decode: undefined,
      interruptions: 0,
    };
  }

  /** Goes through the tracks that have not had their turn with this line. */
  #finish(current: Current): void {
    while (current.turn < current.tracks.length) this.#see(this.#trackOf(current), current);
    this.#read = current.end + 1;
    this.#current = undefined;
  }

  #trackOf({ tracks, turn }: Current): Track {
    return this.#tracks[tracks[turn] as number] as Track;
  }

  #see({ watch, skip, decode, isWide }: Track, current: Current): void {
    if (current.decode !== decode) {
      current.text = decode(this.#chunk as Chunk, current);
      current.decode = decode;
      if (isWide) current.isAscii = /^[\0-\x7f]*$/.test(current.text);
    }
    this.#match(watch, current, skip);
  }

  /**
   * An interrupt may come anywhere. The hit is kept before its turn is over, and under that turn: if it is interrupted in between, the line
   * is looked at once more and the same hit is kept in the same place, so that none is lost or kept twice.
   */
  #match(watch: Reader, current: Current, skip: Uint8Array): void {
    // One at most: without `everyRegex` the first that hits wins.
    const [hit] = watch.filter.match(current.text, current.isAscii, current.time, skip);
    if (hit) this.#keep({ watch, hit, line: this.#line(current) }, current);
    current.turn++;
  }

  #keep(found: Found, { start, turn }: Current): void {
    const kept = this.#found.get(start) ?? new Map<number, Found>();
    kept.set(turn, found);
    this.#found.set(start, kept);
  }

  #line({ text, start }: Current): Line {
    const { source, offset } = this.#chunk as Chunk;
    return { text, source, position: offset + start };
  }

  /**
   * A slice was stopped in its middle. If it was inside an expression, that one is tried again by itself: perhaps the
   * machine stood still. If it fails again it is to blame, and the line is passed over for it.
   */
  #interrupted(): void {
    const culprit = this.#attempt.compiled;
    const current = this.#current;
    if (!culprit || !current || current.turn >= current.tracks.length) return;
    const track = this.#trackOf(current);
    const { turn } = current;
    if (
      this.#guard.runFairly(RETRY_BUDGET, () => track.watch.filter.retry(culprit)) &&
      ++current.interruptions < MOST_INTERRUPTIONS
    )
      return;
    track.watch.overran(culprit, current.text);
    this.#without(culprit, track, current);
    current.turn = turn + 1;
  }

  /** The jail's other expressions have a look at the line. */
  #without(culprit: Compiled | 'date', track: Track, current: Current): void {
    if (culprit === 'date' || culprit.role !== 'failregex' || track.watch.filter.definition.maxlines > 1) return;
    track.skip[culprit.index] = 1;
    this.#guard.run(RETRY_BUDGET, () => this.#match(track.watch, current, track.skip));
    if (!track.gates) track.skip[culprit.index] = 0;
  }

  /** Hits of a line that was left in its middle wait for the rest of it: a line is considered as a whole. */
  #verdicts(): readonly BanVerdict[] {
    const verdicts: BanVerdict[] = [];
    for (const [start, kept] of this.#found) {
      if (start === this.#current?.start) break;
      this.#found.delete(start);
      for (const { watch, hit, line } of kept.values()) {
        const verdict = watch.consider(hit, line);
        if (verdict) verdicts.push(verdict);
      }
    }
    return verdicts;
  }
}

function trackOf(watch: Reader, number: (literal: string) => number): Track {
  const { filter, config } = watch;
  const wantsAll = filter.definition.maxlines > 1;
  const isWide = !isAsciiCompatible(config.encoding);
  const gates = isWide ? undefined : gatesOf(filter.expressions, filter.detector.anchoring, number, wantsAll);
  const skip = new Uint8Array(filter.expressions.failregex.length);
  return { watch, gates, skip, wantsAll, isWide, decode: decoderOf(config.encoding) };
}
