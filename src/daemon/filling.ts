import { setImmediate as turn } from 'node:timers/promises';
import type { Backend } from '../backends/backend.js';
import type { Ledger } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';
import type { Enforcement } from './enforcement.js';

export interface FillingOptions {
  readonly ledger: Pick<Ledger, 'range' | 'elementsBehind' | 'prefixes' | 'isClearing'>;
  readonly backend: Pick<Backend, 'lookup'>;
  readonly enforcement: Pick<Enforcement, 'restore'>;
  readonly problem: (sentence: string) => void;
  readonly now: () => number;
}

/** Rows that are always written before the service is ready: what a killed process had not written yet is among the newest. */
const NEWEST = 20_000;

/** What the kernel is asked for, evenly over all other rows. */
const STRETCHES = 100;
const STRETCH = 10;

/** Milliseconds: what ends sooner may have ended while we ask. */
const ABOUT_TO_END = 5_000;

/**
 * Fills the kernel at a start. Where it still holds what the ledger says, as after a restart, the newest are written at once and all others
 * when the service is ready: they stand meanwhile. To dump them and compare would cost the kernel far more than to add them again.
 */
export class Filling {
  readonly #options: FillingOptions;
  readonly #stopping = new AbortController();
  #isDue = false;
  #rest: Promise<unknown> = Promise.resolve();

  constructor(options: FillingOptions) {
    this.#options = options;
  }

  /** Resolves when the kernel drops what the ledger says. Answers how many elements that are. */
  async begin(): Promise<number> {
    const { ledger, enforcement, problem } = this.#options;
    try {
      this.#isDue = await this.#isHeld();
      if (!this.#isDue) return enforcement.restore();
      await enforcement.restore({ behind: ledger.range.last - NEWEST });
      return ledger.prefixes;
    } catch (thrown) {
      // That a ledger is damaged is found out by reading, and then another one takes its place.
      problem(messageOf(thrown));
      return enforcement.restore();
    }
  }

  /** Writes the others, little by little; returns at once. */
  goOn(): void {
    if (!this.#isDue) return;
    const { enforcement, problem } = this.#options;
    const { signal } = this.#stopping;
    this.#rest = enforcement.restore({ signal, isPatient: true }).catch((thrown) => problem(messageOf(thrown)));
  }

  /** Resolves when nothing is at work any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#rest;
  }

  /** Whether the kernel holds all that it is asked for. An interrupted filling shows: it went in the order of rows. */
  async #isHeld(): Promise<boolean> {
    const { ledger, backend, now } = this.#options;
    const { behind, last } = ledger.range;
    const older = last - NEWEST - behind;
    if (older <= 0 || ledger.isClearing) return false;
    const soon = now() + ABOUT_TO_END;
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      const from = behind + Math.floor((older * stretch) / STRETCHES);
      const { changes } = ledger.elementsBehind(from, STRETCH);
      const lasting = changes.filter((change) => change.verb === 'add' && (change.until ?? soon + 1) > soon);
      const found = await backend.lookup(lasting.map(({ prefix }) => prefix));
      if (found.includes(undefined)) return false;
      await turn();
    }
    return true;
  }
}
