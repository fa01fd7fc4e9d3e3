import type { Ledger } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';

/** Reads what the service can do without for once: what goes wrong is told, and `otherwise` answered. */
export type Reading = <T>(read: (ledger: Ledger) => T, otherwise: NoInfer<T>) => T;

/** That a ledger is damaged is found out by reading, and then another one takes its place: the second try reads that. */
export function readingOf(ledger: Ledger, problem: (sentence: string) => void): Reading {
  return (read, otherwise) => {
    for (let times = 0; times < 2; times++) {
      try {
        return read(ledger);
      } catch (thrown) {
        problem(messageOf(thrown));
      }
    }
    return otherwise;
  };
}
