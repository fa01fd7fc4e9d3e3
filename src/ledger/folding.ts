import type { Prefix } from '../model/prefix.js';
import { type Change, isFold } from '../model/street.js';
import { isWide } from './units.js';
import { addOf, type Held, standFor, type View } from './view.js';

/** What follows for the kernel from what was written down. */
export interface Recorded {
  /** What the kernel has to hold of each prefix that was asked about, in that order. */
  readonly changes: readonly Change[];
  /**
   * What is to be written for it, one step behind the other, if that is something else than `changes`: none for what needs nothing. Single
   * elements that come back from a wide one are a step before it shrinks or goes. Those that are folded go together with what they are folded into.
   */
  readonly steps?: readonly (readonly Change[])[];
}

type Folds = Pick<View, 'change' | 'below' | 'covers' | 'coversHeld'>;

/**
 * What becomes of single elements when wide ones come, change and go. In a transaction it is told beforehand what changes, and asked at its end.
 *
 * At every moment the kernel has an element for each live ban, or a wider one that lasts as long. Only what outlasts the wide one stays beside it: so
 * nothing has to come back when that ends by itself, which may be while no service runs.
 */
export class Folding {
  readonly #view: Folds;
  readonly #now: number;
  /** The bans of wide prefixes that change, as they were before. */
  readonly #before = new Map<string, readonly [Prefix, readonly Held[]]>();

  constructor(view: Folds, now: number) {
    this.#view = view;
    this.#now = now;
  }

  /** A ban of this prefix is about to come, change or go. */
  touch(prefix: Prefix): void {
    if (!isWide(prefix) || this.#before.has(prefix.text)) return;
    this.#before.set(prefix.text, [prefix, this.#view.covers(prefix, this.#now)]);
  }

  /** Whether single elements below a wide prefix may have to come or go. */
  get isDue(): boolean {
    return this.#before.size > 0;
  }

  /** Wide prefixes that stand for less than before: what was folded into them has to come back. */
  get shrunk(): readonly Prefix[] {
    return [...this.#before.values()].flatMap(([prefix, before]) => {
      const after = this.#view.coversHeld(prefix, this.#now);
      return before.every((held) => standFor(after, held)) ? [] : [prefix];
    });
  }

  /** What is to be written of `changes`, besides what they mean for single elements below those that were touched. */
  steps(changes: readonly Change[]): readonly (readonly Change[])[] {
    const moved = [...this.#before.values()].flatMap(([prefix, before]) => this.#moved(prefix, before));
    return this.#inSteps(changes, moved);
  }

  /** What is to be written so that the kernel holds this, whatever it held before: with all single elements below. */
  whole(changes: readonly Change[]): readonly (readonly Change[])[] {
    return this.#inSteps(
      changes,
      changes.flatMap(({ prefix }) => this.#below(prefix)),
    );
  }

  /** As `whole`, for a page of all that there is: what is folded has its turn on its own page, but what stands for less may be written before that. */
  page(changes: readonly Change[]): readonly (readonly Change[])[] {
    const back = changes.flatMap(({ prefix }) => this.#below(prefix)).filter(({ verb }) => verb === 'add');
    return this.#inSteps(changes, back);
  }

  #below(prefix: Prefix): readonly Change[] {
    return isWide(prefix) ? Array.from(this.#view.below(prefix, this.#now), ([change]) => change) : [];
  }

  /** Those that the wide one has stood for and does no longer, and those that it stands for from now on. */
  #moved(prefix: Prefix, before: readonly Held[]): readonly Change[] {
    const after = this.#view.coversHeld(prefix, this.#now);
    const moved: Change[] = [];
    for (const [change, held] of this.#view.below(prefix, this.#now)) {
      const [was, is] = [standFor(before, held), standFor(after, held)];
      if (was !== is && (change.verb === 'remove') === is) moved.push(change);
    }
    return moved;
  }

  #inSteps(changes: readonly Change[], moved: readonly Change[]): readonly (readonly Change[])[] {
    const back = moved.filter(({ verb }) => verb === 'add');
    const folds = [...changes, ...moved].filter(isFold);
    const others = changes.filter((change) => !isFold(change));
    // What is folded must not go unless what it is folded into stands: so that is said again.
    const wide = new Map(folds.map(({ foldedInto }) => [foldedInto.text, foldedInto]));
    const around = [...wide.values()].map((prefix) => this.#view.change(prefix, this.#now));
    const adds = [...around, ...others].filter(({ verb }) => verb === 'add');
    const removals = others.filter(({ verb }) => verb === 'remove');
    const isBack = new Set(back.map(({ prefix }) => prefix.text));
    const rest = onePerElement([...adds, ...removals, ...folds]).filter(({ prefix }) => !isBack.has(prefix.text));
    return [back, rest].filter(({ length }) => length > 0);
  }
}

/** What is to be written so that the kernel holds what the ledger says of these prefixes, whatever it held before. */
export function wholeOf(prefixes: readonly Prefix[], view: Folds, now: number): Recorded {
  const changes = prefixes.map((prefix) => view.change(prefix, now));
  const isPlain = changes.every((change) => !isFold(change) && !isWide(change.prefix));
  return isPlain ? { changes } : { changes, steps: new Folding(view, now).whole(changes) };
}

/** What is to be written of changes of which some may be folds now, and none lets anything come back. */
export function foldedOf(changes: readonly Change[], view: Folds, now: number): Recorded {
  return changes.some(isFold) ? { changes, steps: new Folding(view, now).steps(changes) } : { changes };
}

/** As `Ledger.outlasting`. */
export function outlasting(change: Change, view: Folds, now: number): readonly Change[] {
  if (!isWide(change.prefix)) return [];
  const left = change.verb === 'add' ? [change] : [];
  return Array.from(view.below(change.prefix, now)).flatMap(([{ prefix }, held]) =>
    standFor(left, held) ? [] : [addOf(prefix, held)],
  );
}

/** The first of each. */
function onePerElement(changes: readonly Change[]): readonly Change[] {
  const seen = new Map<string, Change>();
  for (const change of changes) if (!seen.has(change.prefix.text)) seen.set(change.prefix.text, change);
  return [...seen.values()];
}
