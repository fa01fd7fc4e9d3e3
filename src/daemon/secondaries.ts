import type { BackendReport } from '../control/status.js';
import type { BackendStanding } from '../metrics/metrics.js';
import type { Change, Verdict } from '../model/street.js';
import type { Healing } from './healing.js';
import type { Secondary } from './secondary.js';

/** The backends beside the first one, together. None of them keeps another from anything. */
export class Secondaries {
  readonly #all: readonly Secondary[];

  constructor(all: readonly Secondary[]) {
    this.#all = all;
  }

  /** @param audit milliseconds between two audits; null for never. */
  begin(audit: number | null): void {
    for (const one of this.#all) one.begin(audit);
  }

  /** Hands over before it returns; resolves when all have answered, for who must not run far ahead of them. Never rejects. */
  async take(changes: readonly Change[]): Promise<void> {
    await Promise.all(this.#all.map((one) => one.take(changes)));
  }

  /** As `take`, for verdicts that the ledger could not be told. */
  takeBare(verdicts: readonly Verdict[]): void {
    for (const one of this.#all) one.takeBare(verdicts);
  }

  async clear(): Promise<void> {
    await Promise.all(this.#all.map((one) => one.clear()));
  }

  /** Has prefixes pass: by the first backend, which decides whether that can be, and then by these. */
  behind(first: Pick<Healing, 'allow'>): Pick<Healing, 'allow'> {
    return {
      allow: async (prefixes) => {
        await first.allow(prefixes);
        await Promise.all(this.#all.map((one) => one.allow(prefixes)));
      },
    };
  }

  pace(audit: number | null): void {
    for (const one of this.#all) one.pace(audit);
  }

  get standing(): readonly BackendStanding[] {
    return this.#all.map((one) => one.standing);
  }

  reports(): Promise<readonly BackendReport[]> {
    return Promise.all(this.#all.map((one) => one.report()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((one) => one.stop()));
  }
}
