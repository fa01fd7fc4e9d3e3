import type { Prefix } from '../../../model/prefix.js';

/**
 * How a file says who is denied. A pure function of prefixes: those that are denied, without those who are never banned, since some formats
 * know no exceptions. What is written is addresses alone, in their canonical text, so nobody can write anything else into it.
 */
export interface Format {
  /** What stands at the top, each with its line break; empty where the format has no comments. */
  readonly head: string;
  /** The lines of one prefix, each with its line break. */
  line(prefix: Prefix): string;
  /** Why the format cannot say that this prefix is denied; undefined where it can, and absent where it can say all. */
  refusal?(prefix: Prefix): string | undefined;
}

/** For formats whose comments begin with a number sign. */
export const HEAD = '# Written by dropset, which writes it anew: do not edit.\n';
