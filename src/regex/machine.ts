import { isPlace } from './place.js';
import { type Choice, FOLDS, OP, type Program } from './program.js';
import { equalText } from './refer.js';
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
  /** Where the last run accepted. */
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
    const { ops, as, bs } = program;
    const text = this.#text;
    const base = this.#stack.length;
    let pc = from;
    let at = start;
    for (;;) {
      const a = as[pc] as number;
      let ok = true;
      switch (ops[pc]) {
        case OP.TAKE: {
          const code = text.codePointAt(at);
          ok = code !== undefined && (program.sets[a]?.has(code) as boolean);
          at += (code as number) > 0xffff ? 2 : 1;
          pc++;
          break;
        }
        case OP.SPLIT:
          ok = this.#visited.enter(this.#stateOf(program.choices[pc] as Choice, at), at);
          if (ok) this.#stack.push(bs[pc] as number, at);
          pc = a;
          break;
        case OP.JUMP:
          pc = a;
          break;
        case OP.SAVE:
          this.#save(a, at);
          pc++;
          break;
        case OP.ACCEPT:
          this.#end = at;
          return true;
        default: {
          const end = this.#special(program, pc, at);
          ok = end >= 0;
          if (ok) {
            at = end;
            pc = this.#next;
          }
        }
      }
      if (ok) continue;
      if (!this.#goBack(base)) return false;
      pc = this.#next;
      at = this.#end;
    }
  }

  /** The instruction that follows a special one or a way back. */
  #next = 0;

  /** If a loop has moved since it last went around, so have those around it. */
  #stateOf({ loops, first }: Choice, at: number): number {
    let state = first;
    for (let index = loops.length - 1; index >= 0 && this.slots[loops[index] as number] === at; index--) state++;
    return state;
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
