import type { Alternation, Conditional, Expression, Look, Node, Place, Repetition } from './ast.js';
import type { CharSet } from './charset.js';
import { type Choice, FOLDS, type LookAround, OP, type Program } from './program.js';
import { SetTest } from './set-test.js';
import { contains, isAnchored, isNullable } from './traits.js';

/** Instructions of one program: counted repetitions are written out. */
const MOST_INSTRUCTIONS = 20_000;

class TooLarge extends Error {}

/** The program of a pattern for the machine; undefined if it has more than 20,000 instructions. */
export function assemble(expression: Expression): Program | undefined {
  try {
    return new Assembler(expression).program();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

class Assembler {
  readonly #expression: Expression;
  readonly #ops: number[] = [];
  readonly #as: number[] = [];
  readonly #bs: number[] = [];
  readonly #sets = new Map<CharSet, SetTest>();
  readonly #tests: SetTest[] = [];
  readonly #places: Place[] = [];
  readonly #looks: LookAround[] = [];
  readonly #choices: (Choice | undefined)[] = [];
  /** The slots of the loops around, of those that may not move. */
  #loops: readonly number[] = [];
  #slotCount: number;
  #stateCount = 0;

  constructor(expression: Expression) {
    this.#expression = expression;
    this.#slotCount = 2 * (expression.groupCount + 1);
  }

  program(): Program {
    const { root, groupCount } = this.#expression;
    this.#write(root);
    this.#emit(OP.ACCEPT);
    return {
      ops: Uint8Array.from(this.#ops),
      as: Int32Array.from(this.#as),
      bs: Int32Array.from(this.#bs),
      sets: this.#tests,
      places: this.#places,
      looks: this.#looks,
      slotCount: this.#slotCount,
      groupCount,
      choices: this.#choices,
      stateCount: this.#stateCount,
      isMemoryless: !contains(root, 'reference', 'conditional'),
      isAnchored: isAnchored(root, 'start'),
    };
  }

  #emit(op: number, a = 0, b = 0): number {
    if (this.#ops.length >= MOST_INSTRUCTIONS) throw new TooLarge();
    this.#as.push(a);
    this.#bs.push(b);
    return this.#ops.push(op) - 1;
  }

  /** The instruction that prefers the next one, and goes to `b` else. */
  #split(): number {
    const split = this.#emit(OP.SPLIT, this.#here + 1);
    this.#choices[split] = { loops: this.#loops, first: this.#stateCount };
    this.#stateCount += this.#loops.length + 1;
    return split;
  }

  get #here(): number {
    return this.#ops.length;
  }

  #write(node: Node): void {
    switch (node.kind) {
      case 'character':
        this.#emit(OP.TAKE, this.#setOf(node.set));
        return;
      case 'concatenation':
        for (const part of node.parts) this.#write(part);
        return;
      case 'alternation':
        this.#alternation(node);
        return;
      case 'repetition':
        this.#repetition(node);
        return;
      case 'group':
        this.#emit(OP.SAVE, 2 * node.number);
        this.#write(node.body);
        this.#emit(OP.SAVE, 2 * node.number + 1);
        return;
      case 'atomic':
        this.#enclosed(OP.ATOMIC, 0, node.body);
        return;
      case 'look':
        this.#look(node);
        return;
      case 'anchor':
        this.#emit(OP.PLACE, this.#places.push(node.place) - 1);
        return;
      case 'reference':
        this.#emit(OP.REFER, node.group, FOLDS.indexOf(node.fold));
        return;
      case 'conditional':
        this.#conditional(node);
        return;
    }
  }

  #setOf(set: CharSet): number {
    const test = this.#sets.get(set) ?? new SetTest(set);
    if (!this.#sets.has(set)) {
      this.#sets.set(set, test);
      this.#tests.push(test);
    }
    return this.#tests.indexOf(test);
  }

  #alternation({ branches }: Alternation): void {
    if (branches.length === 0) this.#emit(OP.FAIL);
    const ends: number[] = [];
    for (const [index, branch] of branches.entries()) {
      const split = index < branches.length - 1 ? this.#split() : undefined;
      this.#write(branch);
      if (split === undefined) break;
      ends.push(this.#emit(OP.JUMP));
      this.#bs[split] = this.#here;
    }
    for (const end of ends) this.#as[end] = this.#here;
  }

  #repetition({ body, least, most, isLazy }: Repetition): void {
    for (let times = 0; times < least; times++) this.#write(body);
    const leaving: number[] = [];
    if (most === Number.POSITIVE_INFINITY) {
      const head = this.#here;
      this.#optional(body, leaving);
      this.#emit(OP.JUMP, head);
    } else {
      for (let times = least; times < most; times++) this.#optional(body, leaving);
    }
    for (const place of leaving) this.#bs[place] = this.#here;
    if (isLazy) for (const place of leaving) this.#preferLeaving(place);
  }

  /** One more time around, or out of the loop: where it leaves is added to `leaving`. */
  #optional(body: Node, leaving: number[]): void {
    leaving.push(this.#split());
    if (isNullable(body)) this.#still(body, leaving);
    else this.#write(body);
  }

  /** A body that may match nothing: it leaves the loop then. */
  #still(body: Node, leaving: number[]): void {
    const slot = this.#slotCount++;
    const outer = this.#loops;
    this.#emit(OP.SAVE, slot);
    this.#loops = [...outer, slot];
    this.#write(body);
    this.#loops = outer;
    leaving.push(this.#emit(OP.STUCK, slot));
  }

  #preferLeaving(place: number): void {
    if (this.#ops[place] !== OP.SPLIT) return;
    const body = this.#as[place] as number;
    this.#as[place] = this.#bs[place] as number;
    this.#bs[place] = body;
  }

  #look({ isAhead, isNegative, width, body }: Look): void {
    this.#enclosed(OP.LOOK, this.#looks.push({ isAhead, isNegative, width }) - 1, body);
  }

  #enclosed(op: number, a: number, body: Node): void {
    const start = this.#emit(op, a);
    this.#write(body);
    this.#emit(OP.ACCEPT);
    this.#bs[start] = this.#here;
  }

  #conditional({ group, yes, no }: Conditional): void {
    const question = this.#emit(OP.ASK, group);
    this.#write(yes);
    const end = this.#emit(OP.JUMP);
    this.#bs[question] = this.#here;
    this.#write(no);
    this.#as[end] = this.#here;
  }
}
