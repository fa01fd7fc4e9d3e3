import type { Prefix } from './prefix.js';

/** Who is never banned, and by what. */
export interface NeverRule {
  readonly prefix: Prefix;
  /** A clause about it: `stands in the configuration`, `is what office.example resolves to`. */
  readonly clause: string;
}
