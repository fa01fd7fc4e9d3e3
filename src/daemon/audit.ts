import type { VerifyProgress } from '../control/api.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import type { Comparison, Difference } from './comparison.js';
import type { Healing } from './healing.js';
import { Sample } from './sample.js';

export interface AuditOptions {
  readonly ledger: Pick<Ledger, 'elements' | 'elementsBehind' | 'range' | 'count'>;
  readonly comparison: Comparison;
  readonly healing: Pick<Healing, 'check' | 'disturbed' | 'healed' | 'retry' | 'rewrite'>;
  /** Whether the ledger knows all bans: else what only the kernel has is no stranger. */
  readonly isWhole: () => boolean;
  readonly clock: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
}

/** Elements of an audit, and those that are looked up at a time in a comparison of all. */
const SAMPLE = 256;
const PAGE = 2000;

/** Of the kernel's elements, how many are looked for in the ledger: a dump of all would take its time's square. */
const STRANGERS = { audit: 256, verify: 5000 } as const;

/** Elements that seem to differ before they are looked at again, and those that are told. */
const SUSPECTS = 10_000;
const EXAMPLES = 10;

/** Proves that the kernel drops what the ledger says: a sample now and then, or everything on demand. What differs is repaired. */
export class Audit {
  readonly #options: AuditOptions;
  readonly #sample: Sample;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isVerifying = false;
  #last: number | null = null;
  #differences = 0;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.#sample = new Sample(options.ledger);
  }

  /** When the frame and a sample were last found to be as they should be, or made so; null before the first time. */
  get last(): number | null {
    return this.#last;
  }

  /** Elements that were found not to be as the ledger has them. */
  get differences(): number {
    return this.#differences;
  }

  /** @param every milliseconds; null for never. */
  start(every: number | null): void {
    if (every !== null) this.#timer = setInterval(() => void this.run(), every).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks at the frame, at a sample of the ledger's elements, and at some of the kernel's. Never rejects. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#look();
    } catch (thrown) {
      this.#options.problem(`the audit failed: ${messageOf(thrown)}`);
    } finally {
      this.#isRunning = false;
    }
  }

  /**
   * Compares everything, a page at a time, and tells how far it is.
   *
   * @throws DropsetError `busy` while another one goes on.
   */
  async *verify(): AsyncGenerator<VerifyProgress> {
    if (this.#isVerifying) throw new DropsetError('busy', 'a verification goes on already: wait until it has ended');
    this.#isVerifying = true;
    try {
      yield* this.#compareAll();
    } finally {
      this.#isVerifying = false;
    }
  }

  async #look(): Promise<void> {
    const { comparison, healing } = this.#options;
    if ((await this.#frameFaults()).length > 0) return;
    await healing.retry();
    const changes = this.#sample.next(SAMPLE);
    const suspects = [...(await comparison.look(changes)), ...(await this.#strangers(STRANGERS.audit))];
    const { differing } = await this.#repair(suspects);
    if (differing.length > 0) {
      this.#options.problem(
        `${differing.length} elements were not as the ledger has them, in a sample of ${changes.length}, and were written again; the first: ${sentence(differing[0] as Difference)}; compare all with: dropset verify`,
      );
    }
    this.#last = this.#options.clock();
  }

  /** What is wrong with the frame; it is being repaired then. */
  async #frameFaults(): Promise<readonly string[]> {
    const faults = await this.#options.healing.check();
    if (faults.length > 0) this.#options.healing.disturbed({ sentence: `an audit found that ${faults.join(', ')}` });
    return faults;
  }

  async *#compareAll(): AsyncGenerator<VerifyProgress> {
    const { ledger, comparison, healing, clock } = this.#options;
    const faults = await this.#frameFaults();
    await healing.healed();
    const sum = { checked: 0, of: ledger.count(), differed: 0, repaired: 0 };
    const examples: string[] = [];
    let suspects: Difference[] = [];
    const settle = async (): Promise<void> => {
      const { differing, repaired } = await this.#repair(suspects);
      suspects = [];
      sum.differed += differing.length;
      sum.repaired += repaired;
      examples.push(...differing.slice(0, EXAMPLES - examples.length).map(sentence));
    };
    for (const changes of ledger.elements(PAGE)) {
      suspects.push(...(await comparison.look(changes)));
      sum.checked += changes.length;
      if (suspects.length >= SUSPECTS) await settle();
      yield { ...sum, faults, examples, done: false };
    }
    suspects.push(...(await this.#strangers(STRANGERS.verify)));
    await settle();
    if (sum.differed > 0) {
      this.#options.problem(
        `${sum.differed} of ${sum.checked} elements were not as the ledger has them; ${sum.repaired} were written again`,
      );
    }
    this.#last = clock();
    yield { ...sum, faults, examples, done: true };
  }

  async #strangers(most: number): Promise<readonly Difference[]> {
    return this.#options.isWhole() ? this.#options.comparison.strangers(most) : [];
  }

  async #repair(suspects: readonly Difference[]): Promise<{ differing: readonly Difference[]; repaired: number }> {
    const found = await this.#options.comparison.confirmed(suspects);
    const differing = found.filter(({ how }) => how !== 'folded');
    this.#differences += differing.length;
    const repaired = await this.#options.healing.rewrite(prefixesOf(differing));
    // Nothing was wrong with those.
    await this.#options.healing.rewrite(prefixesOf(found.filter(({ how }) => how === 'folded')));
    return { differing, repaired };
  }
}

const prefixesOf = (differences: readonly Difference[]): readonly Prefix[] => differences.map(({ prefix }) => prefix);

const WORDS = {
  missing: 'was missing',
  until: 'had another end',
  scope: 'was about other packets',
  unknown: 'was banned by nobody',
  folded: 'was beside the prefix that it is folded into',
} as const;

const sentence = ({ prefix, how }: Difference): string => `${prefix} ${WORDS[how]}`;
