import { Acquaintance } from './acquaintance.js';
import { Generations } from './generations.js';
import { type Key, keyOf, textOf } from './key.js';

/** When an address failed, oldest first, fewer times than maxretry. */
type Times = number[];

/** Arrays of more are changed, and have room to spare; smaller ones are made anew, without. */
const SMALL = 32;

/**
 * Failures of each address within a sliding window, in bounded memory: at most `maxretry` times an address, and `capacity` addresses.
 *
 * Half of the room is for those that failed once, half for those that failed again, so that any number of addresses that fail once
 * push out none that fails again. Who failed once and had to go for want of room is still recognised, roughly, when it fails the next
 * time, and is then one of those that failed again: a flood costs an attacker's count one failure at most.
 *
 * A ban is due when `maxretry` failures lie within `findtime` of each other. This is what fail2ban's manual promises; its code
 * keeps a rate estimate instead, which can ban for fewer failures than maxretry within findtime, or for more.
 */
export class Failures {
  readonly #maxretry: number;
  readonly #findtime: number;
  /** A quarter of the room: each half of it is in two generations. */
  readonly #most: number;
  readonly #random: () => number;
  readonly #once = new Generations<number, Key>();
  readonly #again = new Generations<Times, Key>();
  /** Those that went for want of room; none while there was room for all. */
  #met: Acquaintance | undefined;
  #newest = Number.NEGATIVE_INFINITY;
  /** When the generations are due to turn: all that is old by then is too old to count. */
  #due = Number.NEGATIVE_INFINITY;
  #evicted = 0;

  /** @param random from 0 to 1, as Math.random. */
  constructor(maxretry: number, findtime: number, capacity = 1_500_000, random: () => number = Math.random) {
    this.#maxretry = maxretry;
    this.#findtime = findtime;
    this.#most = Math.max(1, Math.floor(capacity / 4));
    this.#random = random;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#once.size + this.#again.size;
  }

  /** Addresses that were forgotten for want of room; among them may be some whose time was over. */
  get evicted(): number {
    return this.#evicted;
  }

  /**
   * What is remembered, as it would have to be added to an empty one: key, time, key, time. What is too old to count with anything
   * that comes is left out.
   *
   * @param most addresses; those that failed again come first, and of all those that failed last.
   */
  all(most = Number.POSITIVE_INFINITY): (string | number)[] {
    const stale = this.#newest - this.#findtime;
    const found: (string | number)[] = [];
    let left = most;
    for (const [key, times] of this.#again.entries()) {
      if ((times.at(-1) as number) < stale) continue;
      if (left-- <= 0) return found;
      const address = textOf(key);
      for (const time of times) found.push(address, time);
    }
    for (const [key, time] of this.#once.entries()) {
      if (time < stale) continue;
      if (left-- <= 0) return found;
      found.push(textOf(key), time);
    }
    return found;
  }

  /**
   * Takes over what another one remembers, as its `all` says. Nobody is banned by that: of as many failures as would be enough here, the
   * newest are kept that are one too few.
   */
  inherit(all: readonly (string | number)[]): void {
    const times = new Map<string, number[]>();
    for (let at = 0; at + 1 < all.length; at += 2) {
      const key = all[at] as string;
      const known = times.get(key);
      if (known) known.push(all[at + 1] as number);
      else times.set(key, [all[at + 1] as number]);
    }
    const most = this.#maxretry - 1;
    if (most === 0) return;
    for (const [key, found] of times) for (const time of found.slice(-most)) this.add(key, time);
  }

  /**
   * Adds a failure of `address` at `time` (milliseconds, in any order).
   *
   * @returns the milliseconds between the first and the last of maxretry failures if they lie within findtime; the
   *   address is then forgotten. Undefined if it is not enough yet.
   */
  add(address: string, time: number): number | undefined {
    const key = keyOf(address);
    const before = this.#again.get(key);
    if (before) return this.#addAgain(key, before, time);
    const first = this.#once.get(key);
    if (first !== undefined) {
      this.#once.delete(key);
      return this.#addAgain(key, [first], time);
    }
    if (this.#maxretry === 1) return 0;
    if (this.#met?.has(key)) this.#again.add(key, [time]);
    else this.#once.add(key, time);
    this.#age(time);
    return undefined;
  }

  /** The times of an address, `time` with them, oldest first, of the last findtime; the address is then forgotten. */
  take(address: string, time: number): readonly number[] {
    const key = keyOf(address);
    const once = this.#once.get(key);
    const before = this.#again.get(key) ?? (once === undefined ? [] : [once]);
    this.#once.delete(key);
    this.#again.delete(key);
    return inserted(before, time).filter((one) => one >= time - this.#findtime);
  }

  #addAgain(key: Key, before: Times, time: number): number | undefined {
    const times = inserted(before, time);
    const span = (times.at(-1) as number) - (times[0] as number);
    const isMany = times.length >= this.#maxretry;
    if (isMany && span <= this.#findtime) {
      this.#again.delete(key);
      return span;
    }
    this.#again.set(key, isMany ? withoutFirst(times) : times);
    this.#age(time);
    return undefined;
  }

  #age(time: number): void {
    if (time > this.#newest) this.#newest = time;
    if (this.#newest > this.#due) this.#turn();
    if (this.#once.young > this.#most) this.#forgetOnce();
    if (this.#again.young > this.#most) this.#evicted += this.#again.turn().size;
  }

  /** What was old has not failed for findtime, and counts with nothing that comes. */
  #turn(): void {
    this.#due = this.#newest + this.#findtime;
    this.#once.turn();
    this.#again.turn();
    if (this.#met?.turn() === 0) this.#met = undefined;
  }

  #forgetOnce(): void {
    const gone = this.#once.turn();
    if (gone.size === 0) return;
    this.#met ??= new Acquaintance(this.#random);
    for (const key of gone.keys()) this.#met.add(key);
    this.#evicted += gone.size;
  }
}

/** Logs are nearly in order: the place is searched from the end. `splice` would leave room for 16 more. */
function inserted(before: Times, time: number): Times {
  let at = before.length;
  while (at > 0 && (before[at - 1] as number) > time) at--;
  if (before.length >= SMALL) {
    before.splice(at, 0, time);
    return before;
  }
  const times = new Array<number>(before.length + 1);
  for (let index = 0; index < at; index++) times[index] = before[index] as number;
  times[at] = time;
  for (let index = at; index < before.length; index++) times[index + 1] = before[index] as number;
  return times;
}

function withoutFirst(times: Times): Times {
  if (times.length <= SMALL) return times.slice(1);
  times.shift();
  return times;
}
