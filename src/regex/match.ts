/** Where a pattern was found. Offsets are UTF-16 units. */
export interface Match {
  readonly index: number;
  readonly end: number;
  /** Every named group of the pattern, undefined where it took no part. It has no prototype: no other name is in it. */
  readonly groups: Record<string, string | undefined>;
  /** By the group's number, 0 for the whole; only of patterns that were compiled with `indices`. */
  readonly spans?: readonly Span[];
}

export type Span = readonly [start: number, end: number] | undefined;

/** A way to search: the first place from the left where a pattern matches. */
export interface Search {
  /** `from` is re's `pos`: the first place where a match may begin; what is before it is there all the same. */
  exec(text: string, from?: number): Match | undefined;
  test(text: string): boolean;
}

/** An ordinary object without a prototype: V8 keeps it flat, while it makes a hash table of what Object.create(null) gives. */
export const Groups = function Groups() {} as unknown as new () => Record<string, string | undefined>;
Groups.prototype = Object.create(null);
