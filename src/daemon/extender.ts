import type { Backend } from '../backends/backend.js';
import type { JailConfig } from '../config/config.js';
import type { Ending, Extension, Extensions } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Ban, Element } from '../model/street.js';
import { type Events, ONE_BY_ONE } from './events.js';

/** An extension, and how many packets came within the last part of the ban. */
export interface SeenActive extends Extension {
  readonly packets: number;
}

export interface ExtenderOptions {
  readonly extensions: Pick<Extensions, 'ending'>;
  readonly lookup: Backend['lookup'];
  /** As they are configured now. */
  readonly jails: () => readonly Pick<JailConfig, 'name' | 'extend'>[];
  readonly extend: (extensions: readonly SeenActive[]) => Promise<unknown>;
  readonly clock: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  readonly timing?: Partial<Timing>;
}

/** Milliseconds. */
export interface Timing {
  /** Between two looks, while bans are about to end; and while none is. */
  readonly pause: number;
  readonly idle: number;
  /** The last part of a ban: packets that come within it extend the ban. */
  readonly part: number;
  /** Before its end a ban is judged: so much that there are two looks within it. */
  readonly last: number;
}

const TIMING: Timing = { pause: 5_000, idle: 30_000, part: 300_000, last: 12_000 };

/** Bans that are looked at each time, those that end first: what a look costs is bounded, whoever is banned. */
const MOST = 2_000;

/** By how much an element may end later than its ban, and be its own all the same: the kernel's ticks are no clock. */
const TOLERANCE = 5_000;

/** Milliseconds before it is said again that too many end at a time. */
const SAID_AGAIN = 600_000;

/** What the kernel had counted at the first look. */
interface Seen {
  readonly packets: number;
  readonly until: number;
}

/**
 * Bans that are about to end, and of which packets still come, are made to last longer (`extend_while_active`). The kernel's counters say so;
 * no log is read, and nothing is dumped: elements are looked up by key.
 */
export class Extender {
  readonly #options: ExtenderOptions;
  readonly #timing: Timing;
  #seen = new Map<string, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;
  #said = Number.NEGATIVE_INFINITY;

  constructor(options: ExtenderOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
  }

  start(): void {
    this.#arm(this.#timing.pause);
  }

  /** Resolves when nothing is at work any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #arm(wait: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#once();
    }, wait).unref();
  }

  async #once(): Promise<void> {
    let isBusy = false;
    try {
      isBusy = await this.look();
    } catch (thrown) {
      this.#options.problem(`bans that are about to end were not looked at: ${messageOf(thrown)}`);
    }
    this.#arm(isBusy ? this.#timing.pause : this.#timing.idle);
  }

  /** One look; answers whether bans are about to end. */
  async look(): Promise<boolean> {
    const { extensions, jails, clock } = this.#options;
    const most = new Map(jails().flatMap(({ name, extend }) => (extend ? [[name, extend.atMost] as const] : [])));
    if (most.size === 0) {
      this.#seen.clear();
      return false;
    }
    const endings = extensions.ending([...most.keys()], clock() + this.#timing.part, MOST);
    this.#forget(endings);
    if (endings.length === MOST) this.#complain(endings);
    await this.#judge(endings, most);
    return endings.length > 0;
  }

  async #judge(endings: readonly Ending[], most: ReadonlyMap<string, number>): Promise<void> {
    const { lookup, clock, extend } = this.#options;
    const asked = endings.filter((one) => this.#isLast(one) || !this.#seen.has(one.ban.prefix.text));
    if (asked.length === 0) return;
    const elements = await lookup(asked.map(({ ban }) => ban.prefix));
    const extended = asked.flatMap((one, index) => {
      const packets = this.#news(one, elements[index]);
      const next = Math.min(one.until + one.span, one.ban.since + (most.get(one.ban.jail) ?? 0));
      const isLonger = packets > 0 && next > one.until && one.until > clock();
      return isLonger ? [{ ...extensionOf(one), next, packets }] : [];
    });
    for (const { prefix } of extended) this.#seen.delete(prefix.text);
    if (extended.length > 0) await extend(extended);
  }

  #isLast({ until }: Ending): boolean {
    return until - this.#options.clock() <= this.#timing.last;
  }

  /** Packets since the first look, of a ban that is in its last moments and ends when its element does; else it is a first look. */
  #news(one: Ending, element: Element | undefined): number {
    const { text } = one.ban.prefix;
    // Not counted, or folded into a prefix, which may be extended itself.
    if (element?.packets === undefined) return 0;
    const before = this.#seen.get(text);
    if (!before) {
      this.#seen.set(text, { packets: element.packets, until: one.until });
      return 0;
    }
    // Another ban stands longer, and is judged when that ends.
    if (element.until === null || element.until > one.until + TOLERANCE) return 0;
    // Fewer than before: the element was made anew.
    return element.packets < before.packets ? element.packets : element.packets - before.packets;
  }

  /** Those that do not end soon any more, or have ended. */
  #forget(endings: readonly Ending[]): void {
    const wanted = new Set(endings.map(({ ban }) => ban.prefix.text));
    for (const text of this.#seen.keys()) if (!wanted.has(text)) this.#seen.delete(text);
  }

  #complain(endings: readonly Ending[]): void {
    const now = performance.now();
    const last = endings.at(-1);
    if (!last || !this.#isLast(last) || now < this.#said + SAID_AGAIN) return;
    this.#said = now;
    this.#options.problem(
      `more than ${MOST} bans of jails with extend_while_active end at a time: those beyond end whether or not packets still come`,
    );
  }
}

const extensionOf = ({ ban: { prefix, jail }, until, span }: Ending) => ({ prefix, jail, until, span });

/** Of many, the first are told one by one. */
export function tellExtended(bans: readonly Ban[], seen: readonly SeenActive[], events: Pick<Events, 'tell'>): void {
  const packets = new Map(seen.map((one) => [`${one.prefix} ${one.jail}`, one.packets]));
  for (const ban of bans.slice(0, ONE_BY_ONE)) {
    events.tell({ kind: 'extended', ban, packets: packets.get(`${ban.prefix} ${ban.jail}`) ?? 0 });
  }
  const more = bans.length - ONE_BY_ONE;
  if (more > 0)
    events.tell({ kind: 'note', level: 'info', message: `${more} more bans last longer: packets still come` });
}
