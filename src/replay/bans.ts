import type { Earlier } from '../jails/escalation.js';
import type { Family, Prefix } from '../model/prefix.js';

/** A ban as it would have come. */
export interface ReplayedBan {
  readonly jail: string;
  readonly prefix: Prefix;
  /** When the last straw came, by the log; milliseconds since the epoch. */
  readonly since: number;
  /** Null for ever. */
  readonly until: number | null;
  readonly reason: string;
  /** When this address failed first: in this jail, since its last ban there. */
  readonly first: number;
  /** Failures since then, those that were too far apart included. */
  readonly failures: number;
  /** Why nobody bans it after all: the never-rule that covers it. */
  readonly never: string | undefined;
  /** When it had logged in last before, and did first afterwards. */
  readonly loginBefore: number | undefined;
  loginAfter: number | undefined;
  /** Failures that the kernel would have dropped; of who is never banned, those that would have followed. */
  dropped: number;
  /** The last straw: which log, and where in it. */
  readonly source: string;
  readonly position: number;
  /** The address's ban before this one. */
  readonly previous: ReplayedBan | undefined;
}

/** Addresses whose logins are remembered. An attacker has none. */
const MOST_LOGINS = 200_000;

/** Who is banned, by the clock of the log, by which jail first, and who has logged in. */
export class Bans {
  /** In the order in which they came. */
  readonly all: ReplayedBan[] = [];
  /** Bans beyond `most`, which are not among `all`. */
  left = 0;
  readonly #most: number;
  readonly #history: number;
  readonly #latest = new Map<string, ReplayedBan>();
  readonly #logins = new Map<string, number>();
  /** How often each jail has banned a prefix, as the ledger remembers it. */
  readonly #past = new Map<string, readonly Earlier[]>();
  /** Lengths of prefixes that were banned, by family. */
  readonly #lengths: Readonly<Record<Family, Set<number>>> = { 4: new Set(), 6: new Set() };

  /**
   * @param most bans that are kept, some 500 bytes each.
   * @param history milliseconds after which a ban is forgotten by those that come later: `[service] history`.
   */
  constructor(most = 1_000_000, history = Number.POSITIVE_INFINITY) {
    this.#most = most;
    this.#history = history;
  }

  /** The ban that an address is under at a time. */
  standing(prefix: Prefix, now: number): ReplayedBan | undefined {
    for (const length of this.#lengths[prefix.family]) {
      if (length > prefix.length) continue;
      const ban = this.#latest.get(prefix.widened(length).text);
      if (ban && (ban.until === null || ban.until > now)) return ban;
    }
    return undefined;
  }

  /** The last ban of exactly that prefix, over or not. */
  latestOf({ text }: Prefix): ReplayedBan | undefined {
    return this.#latest.get(text);
  }

  /** How often each jail had banned exactly that prefix at a time, as far as a ledger would have remembered it: escalation counts this. */
  pastOf({ text }: Prefix, now: number): readonly Earlier[] {
    return (this.#past.get(text) ?? []).filter(({ last }) => last >= now - this.#history);
  }

  /** When it logged in last. */
  loginOf({ text }: Prefix): number | undefined {
    return this.#logins.get(text);
  }

  add(ban: ReplayedBan): void {
    if (this.all.length >= this.#most) {
      this.left++;
      return;
    }
    this.all.push(ban);
    this.#lengths[ban.prefix.family].add(ban.prefix.length);
    this.#remember(ban);
    const other = this.#latest.get(ban.prefix.text);
    // Of two jails' bans the longer one is what the kernel has.
    if (!other || endOf(ban) >= endOf(other)) this.#latest.set(ban.prefix.text, ban);
  }

  #remember({ prefix, jail, since }: ReplayedBan): void {
    const past = this.pastOf(prefix, since);
    const { bans, first } = past.find((one) => one.jail === jail) ?? { bans: 0, first: since };
    const others = past.filter((one) => one.jail !== jail);
    this.#past.set(prefix.text, [...others, { jail, bans: bans + 1, first, last: since }]);
  }

  /** Somebody has logged in from there. */
  login(prefix: Prefix, time: number): void {
    if (this.#logins.size < MOST_LOGINS || this.#logins.has(prefix.text)) this.#logins.set(prefix.text, time);
    for (const length of this.#lengths[prefix.family]) {
      const ban = length <= prefix.length ? this.#latest.get(prefix.widened(length).text) : undefined;
      for (let one = ban; one && one.loginAfter === undefined; one = one.previous) one.loginAfter = time;
    }
  }
}

const endOf = ({ until }: ReplayedBan): number => until ?? Number.POSITIVE_INFINITY;

/** Whether an operator should look at it: it was perhaps no attacker. */
export const isSuspect = ({ never, loginBefore, loginAfter }: ReplayedBan): boolean =>
  never !== undefined || loginBefore !== undefined || loginAfter !== undefined;
