import type { JailConfig } from './types.js';

/** Where something was read from says nothing of what it does: a comment above a jail moves it by a line. */
const PLACES = new Set(['origin', 'line', 'preset']);

/** Whether two values of a configuration mean the same, whatever file and line they are from. Both are plain values. */
export const isSame = (one: unknown, other: unknown): boolean => meaningOf(one) === meaningOf(other);

/** The settings of a jail that decide what its filter finds. */
export const filtering = ({ filter, findtime, usedns, timezone }: JailConfig): unknown => ({
  ...{ filter, findtime, usedns, timezone },
});

const meaningOf = (value: unknown): string =>
  JSON.stringify(value, (key, part) => (PLACES.has(key) ? undefined : sorted(part)));

/** Keys in one order, so that it does not matter in which they were put in. */
const sorted = (part: unknown): unknown =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : part;
