import type { Batch } from '../model/batch.js';
import type { Prefix } from '../model/prefix.js';
import type { AddChange, Counters, Element } from '../model/street.js';

/**
 * The port: what every backend does, tested by one suite (test/conformance).
 *
 * Verbs: `add` makes an element stand until the given time, whether or not it stood before, and however long; `remove`
 * takes it away, and one that has gone already is no error. An element whose time has come stops matching by itself: of `nftables` and
 * `xdp` also when this process is dead, of the others while it lives.
 *
 * A prefix has one element. What it says of a packet is its scope's: drop it, count it and let it pass (`observes`), or nothing. Of
 * elements that cover one address, each speaks for itself, and one that drops is enough. Who is allowed passes uncounted.
 *
 * Calls of `apply` and `allow` must not overlap; the readers may overlap with everything.
 */
export interface Backend {
  /** As in the configuration: `nftables`, `xdp`, `route`, `denyfile`, `memory`. */
  readonly kind: string;
  /** Changes that one batch may have. Valid once open. */
  readonly capacity: number;
  /** Prepares the kernel, and adopts what an earlier run left there. @throws DropsetError */
  open(): Promise<void>;
  /**
   * All that the ledger knows has been applied: what an earlier run left, and could not be adopted, may go now. Until then it goes on
   * dropping.
   */
  settle(): Promise<void>;
  /** Why it never holds such an element, as what follows a colon; undefined where it may. Absent: it holds all. */
  unfit?(change: AddChange): string | undefined;
  /** Carries out all changes, or none. @throws Refusal */
  apply(batch: Batch): Promise<void>;
  /** Takes all elements away, in one step; counters of elements go with them, totals stay. Must not overlap with `apply`. @throws Refusal */
  clear(): Promise<void>;
  /**
   * Has these prefixes pass, and no others, whatever elements stand, in place of those given before: who is in both passes at every moment.
   * Elements stay as they are. All or nothing. @throws DropsetError
   */
  allow(prefixes: readonly Prefix[]): Promise<void>;
  /** All elements, as they come; weakly consistent with changes meanwhile. Costly: not for steady state. */
  elements(): AsyncIterable<Element>;
  /** The elements of these prefixes, in that order; undefined where none stands. */
  lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]>;
  /** Totals. `elements` is absent where the kernel does not tell without a dump. */
  counters(): Promise<Counters>;
  /**
   * Tells when somebody else has changed what stands in the kernel. Silent where nobody else can, absent where nobody would be
   * told. To be called once, when open; until `close`.
   */
  watch?(disturbed: (disturbance: Disturbance) => void): void;
  /** What is wrong with the frame that elements stand in, as sentences. Must not overlap with `apply`. @throws Error */
  check?(): Promise<readonly string[]>;
  /**
   * Brings the frame back where something is wrong with it. Elements that are still there stay wherever that is possible; what is
   * lost comes back from the ledger. Must not overlap with `apply`. @throws DropsetError
   */
  repair?(): Promise<void>;
  /** How the backend stands in the kernel, for people. Valid once open. */
  state(): BackendState;
  /**
   * The descriptor that what stands is owned by: while somebody stores a copy of it, nobody else can change what stands, also when this
   * process has ended. Undefined, or absent, where there is none. Valid while open.
   */
  kept?(): number | undefined;
  /** Lets go. With `keep` bans stand on and expire in the kernel; without, all is taken away. */
  close(options: { readonly keep: boolean }): Promise<void>;
  /** Of a backend that is not open: takes away what an earlier run left; answers what, as a sentence. @throws DropsetError */
  detach(): Promise<string>;
}

/** What somebody else did to what stands in the kernel. */
export interface Disturbance {
  /** Who did what: `nft (process 4711) took table inet dropset away`. */
  readonly sentence: string;
  /** The elements that were touched, and nothing else was; absent where anything may be gone. */
  readonly elements?: readonly Prefix[];
}

export interface BackendState {
  /** The nftables table, and whether nobody else can change it. */
  readonly table?: { readonly name: string; readonly owned: boolean };
  /**
   * What becomes of replies of banned addresses to connections that this host opened: they pass (`tracked`), as far as they are TCP, with
   * all but what opens a connection (`tcp`), or are dropped, because that is wanted (`dropped`) or because no connections are tracked
   * (`untracked`).
   */
  readonly replies?: 'tracked' | 'tcp' | 'dropped' | 'untracked';
  /** Where the XDP program is attached. */
  readonly interfaces?: readonly { readonly name: string; readonly mode: 'native' | 'generic' }[];
  /** The routing table that blackholes stand in. */
  readonly routes?: { readonly table: number };
  /** The file that says who is denied: when it was written last, whether it is about to be, and why it could not be. */
  readonly file?: {
    readonly path: string;
    readonly format: string;
    readonly written: number | null;
    readonly pending: boolean;
    readonly failure: string | null;
  };
  /** Bytes of kernel memory that are taken for good. */
  readonly memory?: number;
}
