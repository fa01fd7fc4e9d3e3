import type { Clock } from '../model/clock.js';
import { formatDuration } from '../model/duration.js';
import type { Event } from '../model/events.js';
import type { Prefix } from '../model/prefix.js';
import { type Ban, type Element, isReserved } from '../model/street.js';
import type { Listener } from './events.js';

export interface UnmetOptions {
  readonly lookup: (prefixes: readonly Prefix[]) => Promise<readonly (Element | undefined)[]>;
  readonly now: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Milliseconds behind a ban at which its packets are counted; 30 seconds where absent. */
  readonly wait?: number;
}

/** Long enough for lines that were on their way, and for an attacker's next packet. */
const WAIT = 30_000;

/** Bans that are remembered: the newest. */
const MOST = 1024;

/** Milliseconds before it is said again of the same jail. */
const SAID_AGAIN = 3_600_000;

interface Watched {
  readonly ban: Ban;
  /** Whether the kernel had counted no packet of it, when it was asked. */
  isUnmet: boolean | undefined;
}

/**
 * Notices who goes on failing though he is banned, while the kernel has not dropped a single packet of his: they come with another source
 * address, a proxy's, and no ban can meet them. Where elements have no counters nothing is noticed.
 */
export class Unmet implements Listener {
  readonly #options: UnmetOptions;
  readonly #wait: number;
  /** By jail and prefix; the newest last. */
  readonly #watched = new Map<string, Watched>();
  /** When it was last said of a jail. */
  readonly #said = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UnmetOptions) {
    this.#options = options;
    this.#wait = options.wait ?? WAIT;
  }

  hear(event: Event): void {
    if (event.kind === 'ban') this.#banned(event.ban);
    else if (event.kind === 'end') this.#watched.delete(keyOf(event.ban));
    else if (event.kind === 'unban' || event.kind === 'lifted') this.#watched.clear();
  }

  /** So many at a time are of a list, or of an attack that is seen to anyway. */
  hearMany(): void {}

  /** Another ban of who is banned by the same jail: he has failed again, as often as it takes. */
  #banned(ban: Ban): void {
    if (isReserved(ban.jail)) return;
    const key = keyOf(ban);
    const before = this.#watched.get(key);
    if (before?.isUnmet && isLive(before.ban, this.#options.now())) this.#say(before.ban);
    this.#watched.delete(key);
    this.#makeRoom();
    this.#watched.set(key, { ban, isUnmet: undefined });
    this.#timer ??= setTimeout(() => void this.#look(), this.#wait).unref();
  }

  #makeRoom(): void {
    const oldest = this.#watched.size >= MOST ? this.#watched.keys().next() : undefined;
    if (oldest && !oldest.done) this.#watched.delete(oldest.value);
  }

  /** Asks the kernel once about each ban that is old enough. */
  async #look(): Promise<void> {
    const before = this.#options.now() - this.#wait;
    const wanted = [...this.#watched.values()].filter((one) => one.isUnmet === undefined && one.ban.since <= before);
    // What cannot be looked up now is told elsewhere, and asked for again.
    const elements =
      wanted.length > 0 ? await this.#options.lookup(wanted.map(({ ban }) => ban.prefix)).catch(() => []) : [];
    for (const [index, one] of wanted.entries()) {
      const element = elements[index];
      if (element) one.isUnmet = element.packets === 0;
    }
    const isMore = [...this.#watched.values()].some(({ isUnmet }) => isUnmet === undefined);
    this.#timer = isMore ? setTimeout(() => void this.#look(), this.#wait).unref() : undefined;
  }

  #say({ prefix, jail, since }: Ban): void {
    const now = this.#options.now();
    if (now < (this.#said.get(jail) ?? Number.NEGATIVE_INFINITY) + SAID_AGAIN) return;
    this.#said.set(jail, now);
    const ago = formatDuration(Math.round((now - since) / 1000) * 1000);
    this.#options.problem(
      `jail ${jail}: ${prefix} was banned ${ago} ago and goes on failing, and no packet of it has come: its packets are a proxy's, which must ` +
        'drop it (see "Behind a proxy" in docs/presets.md), or its log is read late',
    );
  }
}

const keyOf = ({ jail, prefix }: Ban): string => `${jail} ${prefix.text}`;

const isLive = ({ until }: Ban, now: number): boolean => until === null || until > now;
