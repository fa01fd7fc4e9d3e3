import { MANUAL } from '../model/street.js';

/** Jails that have series of their own; fail2ban's whole tree has some 90. The others are one. */
const MOST = 100;

/** The label of all the others: jails beyond that number, and names that only an import brought. */
export const OTHER = 'other';

/** What a jail is called in a label: one of a bounded set of names, whoever makes names up. */
export function labeller(configured: readonly string[]): (jail: string) => string {
  const known = new Set([MANUAL, ...configured.slice(0, MOST)]);
  return (jail) => (known.has(jail) ? jail : OTHER);
}
