import type { Place } from './ast.js';
import type { Fold } from './charset.js';
import type { SetTest } from './set-test.js';

/** Instructions of the machine; `a` and `b` are their operands. */
export const OP = {
  /** Takes one character that is in set `a`. */
  TAKE: 0,
  /** Goes on at `a`, and at `b` if that leads nowhere. */
  SPLIT: 1,
  JUMP: 2,
  /** Stores the position in slot `a`. */
  SAVE: 3,
  /** Goes to `b` if the position is that of slot `a`: the loop has not moved. */
  STUCK: 4,
  /** Checks place `a`. */
  PLACE: 5,
  /** Checks look around `a`, whose body begins at the next instruction and accepts; goes on at `b`. */
  LOOK: 6,
  /** Takes the first way through the body that begins at the next instruction and accepts; goes on at `b`. */
  ATOMIC: 7,
  /** Takes what group `a` holds, with folding `b`. */
  REFER: 8,
  /** Goes on at the next instruction if group `a` is set, else at `b`. */
  ASK: 9,
  ACCEPT: 10,
  FAIL: 11,
} as const;

export const FOLDS: readonly Fold[] = ['none', 'ascii', 'unicode'];

export interface LookAround {
  readonly isAhead: boolean;
  readonly isNegative: boolean;
  readonly width: number;
}

/** What tells apart the states of a choice at one position: which of the loops around it has not moved yet. */
export interface Choice {
  /** The slots of those loops that may go around without moving, outermost first. */
  readonly loops: readonly number[];
  /** The first of its states, of which it has one more than loops. */
  readonly first: number;
}

export interface Program {
  readonly ops: Uint8Array;
  readonly as: Int32Array;
  readonly bs: Int32Array;
  readonly sets: readonly SetTest[];
  readonly places: readonly Place[];
  readonly looks: readonly LookAround[];
  /** Two for each group with the whole as group 0, and one for each loop that may not move. */
  readonly slotCount: number;
  readonly groupCount: number;
  /** Of each SPLIT, by its place. */
  readonly choices: readonly (Choice | undefined)[];
  /** How many states all choices have, apart from the position. */
  readonly stateCount: number;
  /** Whether what follows from a state and a position never depends on what came before: then each pair need be tried once. */
  readonly isMemoryless: boolean;
  /** Whether a match can begin at the start of the text only. */
  readonly isAnchored: boolean;
}
