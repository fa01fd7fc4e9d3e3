import type { Cursor } from './cursor.js';
import type { Width } from './width.js';

/** JavaScript objects have a property of this name already, and groups are handed out as properties. */
const UNUSABLE = '__proto__';

/** Python's str.isidentifier(). */
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

/** The groups that a parser has come across, and what may refer to them. */
export class GroupTable {
  readonly names = new Map<string, number>();
  /** Of closed groups alone. */
  readonly widths = new Map<number, Width>();
  count = 0;
  /** While in a look behind: groups from this number on are its own, and may not be referred to in it. */
  firstInLookBehind: number | undefined;
  /** What conditionals asked for, and where: they may come before their groups. */
  readonly asked: { readonly number: number; readonly start: number; readonly end: number }[] = [];
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** @returns the number of the new group. */
  open(name: string | undefined, start: number): number {
    this.count++;
    if (name === undefined) return this.count;
    this.check(name, start);
    if (this.names.has(name)) this.#cursor.refuse(`the group name '${name}' stands for another group already`, start);
    this.names.set(name, this.count);
    return this.count;
  }

  check(name: string, start: number): void {
    if (!IDENTIFIER.test(name))
      this.#cursor.refuse(`'${name}' is no group name: a letter, then letters, digits and _`, start);
    if (name === UNUSABLE) this.#cursor.refuse(`a group cannot be called '${name}'`, start);
  }

  /** The number of a group that is referred to by name. */
  named(name: string, start: number): number {
    this.check(name, start);
    const number = this.names.get(name);
    return number ?? this.#cursor.refuse(`there is no group '${name}' before`, start);
  }

  /** @throws DropsetError `filter` unless the group is there, closed, and outside of the look behind that refers to it. */
  refer(number: number, start: number): void {
    if (number > this.count) this.#cursor.refuse(`there is no group ${number} before`, start);
    if (!this.widths.has(number)) this.#cursor.refuse('a group cannot refer to itself', start);
    this.checkLookBehind(number, start);
  }

  checkLookBehind(number: number, start: number): void {
    if (this.firstInLookBehind === undefined) return;
    if (number >= this.firstInLookBehind || !this.widths.has(number)) {
      this.#cursor.refuse('a look behind cannot refer to a group in itself', start);
    }
  }
}
