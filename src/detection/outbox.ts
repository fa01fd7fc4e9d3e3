import type { JailConfig } from '../config/types.js';
import type { BanVerdict } from '../model/street.js';
import { spares } from './ignore.js';
import type { BanNews, News } from './messages.js';

/** Batches that may be on their way to the kernel; then reading waits. */
const MOST = 4;

/** Hands verdicts over, in order, and makes who produces them wait while too many are on their way. */
export class Outbox {
  readonly #post: (news: News) => void;
  readonly #commands: ReadonlyMap<string, string>;
  readonly #underway = new Set<number>();
  #batch = 0;
  /** Ends when the commands that were asked for have. */
  #asking: Promise<unknown> = Promise.resolve();
  #waiting: (() => void)[] = [];

  constructor(jails: readonly JailConfig[], post: (news: News) => void) {
    this.#post = post;
    this.#commands = new Map(
      jails.flatMap(({ name, ignorecommand }) => (ignorecommand === undefined ? [] : [[name, ignorecommand] as const])),
    );
  }

  /** Resolves when there is room for more. */
  async send(verdicts: readonly BanVerdict[]): Promise<void> {
    const wanted = this.#commands.size === 0 ? verdicts : await this.#asked(verdicts);
    if (wanted.length === 0) return;
    const batch = ++this.#batch;
    this.#underway.add(batch);
    this.#post({ kind: 'verdicts', batch, bans: wanted.map(newsOf) });
    while (this.#underway.size >= MOST) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A batch has arrived. */
  arrived(batch: number): void {
    this.#underway.delete(batch);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** One after the other: a flood must not start a thousand commands at a time. */
  #asked(verdicts: readonly BanVerdict[]): Promise<readonly BanVerdict[]> {
    const asking = this.#asking.then(() => this.#unspared(verdicts));
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

const newsOf = ({ ban: { prefix, ...ban } }: BanVerdict): BanNews => ({ address: prefix.text, ...ban });
