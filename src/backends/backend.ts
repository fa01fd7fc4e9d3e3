import type { Batch } from '../model/batch.js';
import type { Prefix } from '../model/prefix.js';
import type { Counters, Element } from '../model/street.js';

/**
 * The port: what every backend does, tested by one suite (test/conformance).
 *
 * Verbs: `add` makes an element stand until the given time, whether or not it stood before, and however long; `remove`
 * takes it away, and one that has gone already is no error. An element whose time has come stops matching by itself,
 * also when this process is dead.
 *
 * Calls of `apply` must not overlap; the readers may overlap with everything.
 */
export interface Backend {
  /** As in the configuration: `nftables`, `memory`. */
  readonly kind: string;
  /** Changes that one batch may have. Valid once open. */
  readonly capacity: number;
  /** Prepares the kernel, and adopts what an earlier run left there. @throws DropsetError */
  open(): Promise<void>;
  /** Carries out all changes, or none. @throws Refusal */
  apply(batch: Batch): Promise<void>;
  /** All elements, as they come; weakly consistent with changes meanwhile. Costly: not for steady state. */
  elements(): AsyncIterable<Element>;
  /** The elements of these prefixes, in that order; undefined where none stands. */
  lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]>;
  /** Totals. `elements` is absent where the kernel does not tell without a dump. */
  counters(): Promise<Counters>;
  /** Lets go. With `keep` bans stand on and expire in the kernel; without, all is taken away. */
  close(options: { readonly keep: boolean }): Promise<void>;
}
