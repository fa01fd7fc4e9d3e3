import { isPlace } from './place.js';
import { type Choice, FOLDS, OP, type Program } from './program.js';
import { equalText } from './refer.js';
import type { SetTest } from './set-test.js';
import { Visited } from './visited.js';

/**
 * Runs a program over a text, by backtracking in Python's order. A memoryless program tries each pair of a choice and a position once:
 * its time is bounded by their number, whatever the text. One machine serves all programs, one at a time.
 */
export class Machine {
  /** Slots of the last match, as many as the program has: -1 where unset. */
  slots = new Int32Array(0);
  readonly #visited = new Visited();
  /** Pairs: an instruction and a position to go back to, or a slot (as its complement) and what it held. */
  readonly #stack: number[] = [];
  #text = '';
  /** The instruction and the position to go on with; after a run, the position where it accepted. */
  #next = 0;
  #end = 0;

  /** @returns whether there is a match; its slots are in `slots`. */
  search(program: Program, text: string, from = 0): boolean {
    this.#text = text;
    this.#stack.length = 0;
    this.#visited.begin(program.isMemoryless ? program.stateCount : 0, text.length + 1);
    this.slots = new Int32Array(program.slotCount).fill(-1);
    const last = program.isAnchored ? 0 : text.length;
    for (let start = from; start <= last; start++) {
      if (isInsidePair(text, start) || !this.#run(program, 0, start)) continue;
      this.slots[0] = start;
      this.slots[1] = this.#end;
      return true;
    }
    return false;
  }

  /** From an instruction to the next ACCEPT, leaving the ways not taken on the stack. False leaves everything as it was. */
  #run(program: Program, from: number, start: number): boolean {
    const base = this.#stack.length;
    this.#next = from;
    this.#end = start;
    for (;;) {
      if (this.#follow(program)) return true;
      if (!this.#goBack(base)) return false;
    }
  }

  /** From where #next and #end say to an ACCEPT, or to where it goes no further. */
  #follow(program: Program): boolean {
    const { ops, as } = program;
    let pc = this.#next;
    let at = this.#end;
    while (at >= 0) {
      const a = as[pc] as number;
      switch (ops[pc++]) {
        case OP.TAKE:
          at = this.#take(program.sets[a] as SetTest, at);
          break;
        case OP.SPLIT:
          if (!this.#choose(program, pc - 1, at)) return false;
          pc = a;
          break;
        case OP.JUMP:
          pc = a;
          break;
        case OP.SAVE:
          this.#save(a, at);
          break;
        case OP.ACCEPT:
          this.#end = at;
          return true;
        default:
          at = this.#special(program, pc - 1, at);
          pc = this.#next;
      }
    }
    return false;
  }

  /** The position behind a character of a set, or -1. */
  #take(set: SetTest, at: number): number {
    const code = this.#text.codePointAt(at);
    if (code === undefined || !set.has(code)) return -1;
    return at + (code > 0xffff ? 2 : 1);
  }

  /** Leaves the other way on the stack; false if all that follows was tried before. */
  #choose(program: Program, pc: number, at: number): boolean {
    const { loops, first } = program.choices[pc] as Choice;
    let state = first;
    // If a loop has moved since it last went around, so have those around it.
    for (let index = loops.length - 1; index >= 0 && this.slots[loops[index] as number] === at; index--) state++;
    if (!this.#visited.enter(state, at)) return false;
    this.#stack.push(program.bs[pc] as number, at);
    return true;
  }

  #save(slot: number, at: number): void {
    this.#stack.push(~slot, this.slots[slot] as number);
    this.slots[slot] = at;
  }

  /** Undoes what was done since the last choice above `base`; its other way is in #next and #end. */
  #goBack(base: number): boolean {
    const stack = this.#stack;
    while (stack.length > base) {
      const value = stack.pop() as number;
      const key = stack.pop() as number;
      if (key < 0) {
        this.slots[~key] = value;
        continue;
      }
      this.#next = key;
      this.#end = value;
      return true;
    }
    return false;
  }

  /** The rarer instructions: the position behind, with #next set, or -1. */
  #special(program: Program, pc: number, at: number): number {
    const a = program.as[pc] as number;
    const b = program.bs[pc] as number;
    this.#next = pc + 1;
    switch (program.ops[pc]) {
      case OP.STUCK:
        if (this.slots[a] === at) this.#next = b;
        return at;
      case OP.PLACE:
        return isPlace(program.places[a] ?? 'start', this.#text, at) ? at : -1;
      case OP.ASK:
        if (!this.#isSet(a)) this.#next = b;
        return at;
      case OP.REFER:
        return this.#isSet(a) ? this.#refer(a, b, at) : -1;
      case OP.LOOK:
        return this.#look(program, pc, at);
      case OP.ATOMIC:
        return this.#enclosed(program, pc, at);
      default:
        return -1;
    }
  }

  #isSet(group: number): boolean {
    const [start, end] = [this.slots[2 * group] as number, this.slots[2 * group + 1] as number];
    return start >= 0 && end >= start;
  }

  #refer(group: number, fold: number, at: number): number {
    const wanted = this.#text.slice(this.slots[2 * group], this.slots[2 * group + 1]);
    return equalText(wanted, this.#text, at, FOLDS[fold] ?? 'none');
  }

  #look(program: Program, pc: number, at: number): number {
    const look = program.looks[program.as[pc] as number];
    const start = look?.isAhead === false ? back(this.#text, at, look.width) : at;
    const base = this.#stack.length;
    const found = start >= 0 && this.#enclosed(program, pc, start) >= 0;
    this.#next = program.bs[pc] as number;
    if (!look?.isNegative) return found ? at : -1;
    // What it captured is undone.
    if (found) while (this.#goBack(base));
    return found ? -1 : at;
  }

  /** A body of its own: of the ways that it leaves only the captures stay, to be undone with what comes before. */
  #enclosed(program: Program, pc: number, at: number): number {
    const base = this.#stack.length;
    const mark = this.#visited.mark();
    const found = this.#run(program, pc + 1, at);
    this.#next = program.bs[pc] as number;
    if (!found) {
      this.#visited.keep();
      return -1;
    }
    this.#visited.forget(mark);
    this.#commit(base);
    return this.#end;
  }

  /** Drops the choices above `base`. */
  #commit(base: number): void {
    const stack = this.#stack;
    let kept = base;
    for (let index = base; index < stack.length; index += 2) {
      if ((stack[index] as number) >= 0) continue;
      stack[kept++] = stack[index] as number;
      stack[kept++] = stack[index + 1] as number;
    }
    stack.length = kept;
  }
}

/** Whether a position is between the two halves of a character beyond U+FFFF. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

/** So many characters before a position, or -1 if there are fewer. */
function back(text: string, at: number, width: number): number {
  let start = at;
  for (let count = 0; count < width; count++) {
    if (start === 0) return -1;
    start -= isInsidePair(text, start - 1) ? 2 : 1;
  }
  return start;
}
