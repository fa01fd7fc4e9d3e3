/** How bans of one jail grow with each return of who was banned before. Plain values; times in milliseconds. */
export interface Escalation {
  /** How long a ban is at each step, the last one for all that follow. */
  readonly growth: Growth;
  /** The longest that a ban grows to; absent for 100 years. */
  readonly max?: number;
  /** Each such span since the first ban that is remembered takes a step off; absent for none. */
  readonly decay?: number;
  /** A share of a ban that was due to a return, from 0 to 1, of which a part is added by chance. */
  readonly random: number;
  /** So much at most is added by chance, beside that. */
  readonly rndtime?: number;
  /** Whether bans of other jails count as well. */
  readonly across: boolean;
}

export type Growth =
  /** bantime, then bantime * scale * factor ** step. */
  | { readonly kind: 'factor'; readonly factor: number; readonly scale: number }
  /** bantime times each of them. */
  | { readonly kind: 'multipliers'; readonly multipliers: readonly number[] }
  /** Each of them in place of bantime; null for ever. */
  | { readonly kind: 'durations'; readonly durations: readonly (number | null)[] };
