import type { JailConfig } from '../config/types.js';
import type { BanVerdict } from '../model/street.js';
import type { Position } from '../sources/chunk.js';
import { CountLog, type Counts } from './counts.js';
import { spares } from './ignore.js';
import type { BanNews, News, PositionNews, Progress } from './messages.js';

type Relapses = (verdicts: readonly BanVerdict[]) => readonly BanVerdict[];

/** Batches that may be on their way to the kernel; then reading waits. */
const MOST = 4;

/**
 * Hands verdicts over, in order, each with the progress that it came of, and makes who produces them wait while too many are on
 * their way.
 */
export class Outbox {
  readonly #post: (news: News) => void;
  readonly #relapses: Relapses;
  #commands: ReadonlyMap<string, string> = new Map();
  readonly #counts: CountLog;
  readonly #underway = new Set<number>();
  readonly #positions = new Map<string, PositionNews>();
  /** Sources that have been read further since that was told. */
  readonly #moved = new Set<string>();
  #late: BanVerdict[] = [];
  #batch = 0;
  /** Ends when the commands that were asked for have. */
  #asking: Promise<unknown> = Promise.resolve();
  #waiting: (() => void)[] = [];

  /**
   * @param open answers which failures no ban has used up.
   * @param relapses answers the verdicts that follow from others; they count in the progress that is told with them, or next.
   */
  constructor(
    jails: readonly JailConfig[],
    post: (news: News) => void,
    open: () => Counts = () => ({}),
    relapses: Relapses = () => [],
  ) {
    this.#post = post;
    this.#relapses = relapses;
    this.#counts = new CountLog(open);
    this.#serve(jails);
  }

  /** Goes on for other jails: counts of those that are gone, or were changed, are told as a whole. */
  replace(jails: readonly JailConfig[]): void {
    this.#serve(jails);
    this.#counts.lost();
  }

  /** How far a source has been read in this life. */
  positionOf(source: string): Position | undefined {
    return this.#positions.get(source)?.position;
  }

  /** A source has been read so far. */
  read(news: PositionNews): void {
    this.#positions.set(news.source, news);
    this.#moved.add(news.source);
  }

  /** A failure has counted. */
  counted(jail: string, address: string, time: number): void {
    this.#counts.add(jail, address, time);
  }

  /** A verdict that came between two chunks goes with what is sent next. */
  late(verdict: BanVerdict): void {
    this.#late.push(verdict);
  }

  /** Some progress was not written down: what is sent next has all of it. */
  lost(): void {
    this.#counts.lost();
    for (const source of this.#positions.keys()) this.#moved.add(source);
  }

  /** Sends verdicts, and all progress up to now: to be called when both belong together. Resolves when there is room for more. */
  async send(verdicts: readonly BanVerdict[]): Promise<void> {
    const decided = [...this.#late, ...verdicts];
    this.#late = [];
    const all = this.#commands.size === 0 ? [...decided, ...this.#relapses(decided)] : undefined;
    const progress = this.#progress();
    const wanted = all ?? (await this.#asked(decided));
    if (wanted.length === 0) {
      if (progress.positions.length > 0 || progress.counts) this.#post({ kind: 'progress', ...progress });
      return;
    }
    const batch = ++this.#batch;
    this.#underway.add(batch);
    this.#post({ kind: 'verdicts', batch, bans: wanted.map(newsOf), ...progress });
    while (this.#underway.size >= MOST) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A batch has arrived. */
  arrived(batch: number): void {
    this.#underway.delete(batch);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  #serve(jails: readonly JailConfig[]): void {
    this.#commands = new Map(
      jails.flatMap(({ name, ignorecommand }) => (ignorecommand === undefined ? [] : [[name, ignorecommand] as const])),
    );
  }

  #progress(): Progress {
    const counts = this.#counts.take();
    const positions = [...this.#moved].map((source) => this.#positions.get(source) as PositionNews);
    this.#moved.clear();
    return { positions, ...(counts && { counts }) };
  }

  /** One after the other: a flood must not start a thousand commands at a time. Who sends nothing waits too, to keep the order. */
  #asked(verdicts: readonly BanVerdict[]): Promise<readonly BanVerdict[]> {
    const asking = this.#asking.then(async () => {
      const wanted = await this.#unspared(verdicts);
      return [...wanted, ...(await this.#unspared(this.#relapses(wanted)))];
    });
    this.#asking = asking;
    return asking;
  }

  async #unspared(verdicts: readonly BanVerdict[]): Promise<readonly BanVerdict[]> {
    const wanted: BanVerdict[] = [];
    for (const verdict of verdicts) {
      const command = this.#commands.get(verdict.ban.jail);
      if (command === undefined || !(await spares(command, verdict.ban.prefix.text))) wanted.push(verdict);
    }
    return wanted;
  }
}

const newsOf = ({ ban: { prefix, ...ban }, read }: BanVerdict): BanNews => ({
  address: prefix.text,
  ...ban,
  ...(read !== undefined && { read }),
});
