import { describeSource } from '../config/describe.js';
import type { JailConfig } from '../config/types.js';
import { messageOf } from '../model/errors.js';
import type { Position } from '../sources/chunk.js';
import type { Feed, FeedOptions } from './feed.js';
import { FileFeed, readsFiles } from './file-feed.js';
import type { PositionNews } from './messages.js';
import { isSameJournal, OtherFeed, type Wish, wishesOf } from './other-feed.js';

/** What a new set of jails made of the feeds. */
export interface Renewed {
  /** Those that were not there before: nobody reads them yet. */
  readonly feeds: readonly Feed[];
  /** Of files that nobody read before. */
  readonly positions: readonly PositionNews[];
}

/** How far a source has been read in this life, by what it is called in the ledger. */
type ReadTo = (key: string) => Position | undefined;

/** Everything that the jails read, each source once, however many jails read it. */
export class Feeds {
  readonly #options: FeedOptions;
  #files: FileFeed | undefined;
  /** The file feed has ended, by a fault: it is begun anew, where it was. */
  #isOver = false;
  #others: readonly OtherFeed[] = [];

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get all(): readonly Feed[] {
    return [...(this.#files ? [this.#files] : []), ...this.#others];
  }

  /**
   * Reads what these jails want, and nothing else. A source that was read before goes on without a break; one that cannot be opened is
   * told of, and the others go on.
   *
   * @param readTo where what is not open now has been left.
   */
  async replace(jails: readonly JailConfig[], readTo: ReadTo = () => undefined): Promise<Renewed> {
    const before = this.all;
    const positions = this.#replaceFiles(jails);
    await this.#replaceOthers(wishesOf(jails), readTo);
    return { feeds: this.all.filter((feed) => !before.includes(feed)), positions };
  }

  /** A feed that has ended is opened again when jails are replaced the next time. */
  ended(feed: Feed): void {
    this.#isOver ||= feed === this.#files;
    this.#others = this.#others.filter((other) => other !== feed);
  }

  #replaceFiles(jails: readonly JailConfig[]): readonly PositionNews[] {
    if (this.#files && !this.#isOver) return this.#files.replace(jails);
    if (!jails.some(readsFiles)) return [];
    const positions = [...this.#options.positions, ...(this.#files?.positions() ?? [])];
    this.#files = new FileFeed(jails, { ...this.#options, positions });
    this.#isOver = false;
    return this.#files.positions();
  }

  async #replaceOthers(wishes: readonly Wish[], readTo: ReadTo): Promise<void> {
    const before = this.#others;
    const kept = before.filter((feed) => wishes.some(({ key }) => key === feed.key));
    const gone = before.filter((feed) => !kept.includes(feed));
    const left = (wish: Wish): Position | undefined => this.#leftAt(wish, gone, readTo);
    const fresh = wishes.filter(({ key }) => !kept.some((feed) => feed.key === key));
    const places = fresh.map((wish) => ({ wish, position: left(wish) }));
    for (const feed of gone) feed.close();
    for (const feed of kept) feed.jails = wishes.find(({ key }) => key === feed.key)?.jails ?? [];
    this.#others = kept;
    for (const { wish, position } of places) this.#others = [...this.#others, ...(await this.#open(wish, position))];
  }

  /** A jail that wants other entries of the same journal goes on where it was. */
  #leftAt({ key, source, jails }: Wish, gone: readonly OtherFeed[], readTo: ReadTo): Position | undefined {
    const known = readTo(key) ?? this.#options.positions.find((news) => news.source === key)?.position;
    const before = gone.find(
      (feed) => isSameJournal(feed.source, source) && feed.jails.some((name) => jails.includes(name)),
    );
    return (before && readTo(before.key)) ?? known;
  }

  async #open(wish: Wish, position: Position | undefined): Promise<OtherFeed[]> {
    try {
      return [await OtherFeed.open(wish, position, this.#options)];
    } catch (error) {
      this.#options.onEvent(`${describeSource(wish.source)} is not read: ${messageOf(error)}`);
      return [];
    }
  }
}
