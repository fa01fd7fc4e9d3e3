import { DropsetError } from '../model/errors.js';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds. */
export function parseSeconds(text: string): number {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*([smhdw]?)\s*$/.exec(text);
  if (!found) throw new DropsetError('config', `'${text}' is no time`);
  return Number(found[1]) * (UNITS[found[2] as string] ?? 1);
}
