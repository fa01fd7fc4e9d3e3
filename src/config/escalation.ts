import * as z from 'zod';
import type { Increment } from '../fail2ban/increment.js';
import type { Escalation, Growth } from '../model/escalation.js';
import { flag, span, spanOrNever } from './fields.js';

const EXPECTED = 'a table such as { factor = 2, max = "30d" }';

const number = (least: number, most: number) => {
  const expected = `a number from ${least} to ${most}`;
  return z.number(expected).min(least, expected).max(most, expected);
};

const many = <T extends z.ZodType>(item: T, expected: string) =>
  z.array(item, expected).min(1, expected).max(100, expected);

const MULTIPLIERS = 'a list of 1 to 100 numbers';
const DURATIONS = 'a list of 1 to 100 times';

/** `[jail.NAME] escalation`, as it is written. */
export const escalation = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.strictObject(
    {
      factor: number(1, 1000).optional(),
      multipliers: many(number(0, 1_000_000), MULTIPLIERS).optional(),
      durations: many(spanOrNever, DURATIONS).optional(),
      max: span.optional(),
      decay: span.optional(),
      random: number(0, 1).default(0),
      across: flag.default(false),
    },
    EXPECTED,
  ),
);

/** Keys of which one says how bans grow. */
export const GROWTHS = ['factor', 'multipliers', 'durations'] as const;

export function escalationOf(raw: z.infer<typeof escalation>): Escalation {
  const { factor, multipliers, durations, max, decay, random, across } = raw;
  return {
    growth: growthOf({ factor, multipliers, durations }),
    ...(max !== undefined && { max }),
    ...(decay !== undefined && { decay }),
    ...{ random, across },
  };
}

function growthOf({ factor = 2, multipliers, durations }: Pick<z.infer<typeof escalation>, (typeof GROWTHS)[number]>) {
  if (durations) return { kind: 'durations', durations } satisfies Growth;
  if (multipliers) return { kind: 'multipliers', multipliers } satisfies Growth;
  return { kind: 'factor', factor, scale: 1 } satisfies Growth;
}

/** What fail2ban grows bans by, where nobody says otherwise; without its spaces. */
const FORMULA = 'ban.Time*(1<<(ban.Countifban.Count<20else20))*banFactor';

/** What cannot be had of a fail2ban jail's growth, because it is a program: undefined if there is nothing. */
export function notEvaluated({ enabled, formula, factor, multipliers }: Increment): string | undefined {
  if (!enabled) return undefined;
  const isOther = formula !== undefined && multipliers.length === 0 && formula.replace(/\s+/g, '') !== FORMULA;
  const parts = [
    isOther ? `bantime.formula = ${formula}` : undefined,
    factor !== undefined && !isNumber(factor) ? `bantime.factor = ${factor}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** fail2ban's growth: bantime * 2 ** returns * factor, the exponent at most 20; or the multipliers, the first ban aside. */
export function escalationFrom(increment: Increment): Escalation | undefined {
  if (!increment.enabled) return undefined;
  const { factor, multipliers, maxtime, rndtime, overalljails } = increment;
  const scale = factor !== undefined && isNumber(factor) ? Number(factor) : 1;
  const powers = multipliers.length > 0 ? multipliers : Array.from({ length: 21 }, (_, count) => 2 ** count);
  return {
    growth: { kind: 'multipliers', multipliers: [1, ...ofReturns(powers).map((power) => Math.max(0, power * scale))] },
    ...(maxtime !== undefined && { max: Math.round(maxtime * 1000) }),
    random: 0,
    ...(rndtime !== undefined && { rndtime: Math.round(rndtime * 1000) }),
    across: overalljails,
  };
}

/** The first of them is for no return at all, unless it is the only one. */
const ofReturns = (powers: readonly number[]): readonly number[] => (powers.length > 1 ? powers.slice(1) : powers);

const isNumber = (text: string): boolean => /^\s*\d{1,9}(?:\.\d{0,9})?\s*$/.test(text);
