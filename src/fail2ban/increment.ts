import { DropsetError } from '../model/errors.js';
import type { JailOptions } from './jail-options.js';
import { parseBoolean, parseInteger } from './numbers.js';

/**
 * How ban times grow: `bantime.increment` and what belongs to it. What is absent is not set; nothing is evaluated
 * here.
 */
export interface Increment {
  readonly enabled: boolean;
  /** An arithmetic expression of Python's: `1`, `2.0 / 2.885385`. */
  readonly factor?: string;
  /** An expression of Python's over `ban.Time`, `ban.Count` and `banFactor`. */
  readonly formula?: string;
  /** Empty where the formula counts. */
  readonly multipliers: readonly number[];
  /** Seconds. */
  readonly maxtime?: number;
  /** Seconds. */
  readonly rndtime?: number;
  readonly overalljails: boolean;
}

/** @throws DropsetError `config`. */
export function incrementOf(options: JailOptions): Increment {
  const factor = options.text('bantime.factor');
  const formula = options.text('bantime.formula');
  const maxtime = options.seconds('bantime.maxtime');
  const rndtime = options.seconds('bantime.rndtime');
  return {
    enabled: parseBoolean(options.text('bantime.increment') ?? ''),
    ...(factor && { factor }),
    ...(formula && { formula }),
    multipliers: multipliersOf(options),
    ...(maxtime !== undefined && { maxtime }),
    ...(rndtime !== undefined && { rndtime }),
    overalljails: parseBoolean(options.text('bantime.overalljails') ?? ''),
  };
}

function multipliersOf(options: JailOptions): number[] {
  const text = options.text('bantime.multipliers') ?? '';
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.map((word) => {
    const multiplier = parseInteger(word);
    if (multiplier !== undefined) return multiplier;
    const place = options.place('bantime.multipliers');
    throw new DropsetError('config', `${place} = ${text}: '${word}' is no whole number; write 1 2 4 8`);
  });
}
