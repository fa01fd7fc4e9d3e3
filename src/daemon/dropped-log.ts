import type { JailConfig, LogConfig } from '../config/config.js';
import { messageOf } from '../model/errors.js';
import type { DroppedEvent, Event } from '../model/events.js';
import type { Prefix } from '../model/prefix.js';
import { isObserved, PROTOCOLS } from '../model/scope.js';
import type { Ban } from '../model/street.js';
import { LogGroup } from '../nflog/log-group.js';
import type { Packet } from '../nflog/packet.js';
import { Allowance } from './allowance.js';

/** The group of nfnetlink_log that nftables hands packets to and this process reads: no number that ulogd's examples have. */
export const GROUP = 53_760;

/** What the kernel hands up at most, a minute and at once: enough for those of jails that are logged to be among them, whatever floods. */
export const HANDED_UP = { rate: 6000, burst: 100 } as const;

/** Jails that are named of one packet. */
const MOST_JAILS = 8;

export interface DroppedLogOptions {
  readonly log: Pick<LogConfig, 'dropped' | 'prefix' | 'rate' | 'burst'>;
  /** Of the configuration in force. */
  readonly jails: () => readonly Pick<JailConfig, 'name' | 'log'>[];
  /** The live bans of one prefix. */
  readonly bansOf: (prefix: Prefix) => readonly Ban[];
  readonly tell: (event: Event) => void;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** As `LogGroup.bind`. */
  readonly bind?: (group: number, hear: (packet: Packet) => void) => Promise<Pick<LogGroup, 'close'>>;
}

/** A few of the packets that nftables drops, as events that say which jail it was and why: the kernel alone could not. */
export class DroppedLog {
  readonly #options: DroppedLogOptions;
  readonly #allowance: Allowance;
  #group: Pick<LogGroup, 'close'> | undefined;

  constructor(options: DroppedLogOptions) {
    this.#options = options;
    this.#allowance = new Allowance({ ...options.log, now: options.now });
  }

  /** Begins to listen, where that is configured. What keeps it from listening is told. */
  async start(): Promise<void> {
    const { log, problem, bind = LogGroup.bind } = this.#options;
    if (log.dropped !== 'service') return;
    try {
      this.#group = await bind(GROUP, (packet) => this.#hear(packet));
    } catch (thrown) {
      problem(
        `[log] dropped = "service": no packet is written down: ${messageOf(thrown)}: either another process has group ${GROUP} ` +
          '(/proc/net/netfilter/nfnetlink_log says which), or CAP_NET_ADMIN is missing',
      );
    }
  }

  stop(): void {
    this.#group?.close();
  }

  #hear(packet: Packet): void {
    const bans = this.#bansOf(packet);
    const silent = new Set(this.#options.jails().flatMap(({ name, log }) => (log === false ? [name] : [])));
    const loud = bans.filter(({ jail }) => !silent.has(jail));
    // Of who is banned no more, or not yet by the ledger, no jail can be asked.
    if (bans.length > 0 && loud.length === 0) return;
    if (this.#allowance.take()) this.#options.tell(eventOf(packet, loud, this.#options.log.prefix));
  }

  /** Those that this packet was dropped for; of the address itself before those of prefixes around it. */
  #bansOf({ source, protocol, port }: Packet): readonly Ban[] {
    const around = Array.from({ length: source.length + 1 }, (_, wider) => source.widened(source.length - wider));
    return around
      .flatMap((prefix) => this.#options.bansOf(prefix))
      .filter(({ scope }) => !isObserved(scope) && (scope?.meets(protocol, port) ?? true));
  }
}

function eventOf({ source, destination, protocol, port }: Packet, bans: readonly Ban[], prefix: string): DroppedEvent {
  const jails = [...new Set(bans.map(({ jail }) => jail))].slice(0, MOST_JAILS);
  return {
    kind: 'dropped',
    head: prefix.replaceAll('{jail}', jails.join(',') || 'unknown'),
    ...{ source: source.text, destination: destination.text },
    ...{ protocol: NAMES.get(protocol) ?? String(protocol), port: port ?? null },
    jails,
    reason: bans[0]?.reason ?? null,
  };
}

/** Those that are worth a word: IANA's protocol numbers. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [58, 'icmpv6'],
  ...Object.entries(PROTOCOLS).map(([name, number]) => [number, name] as const),
]);
