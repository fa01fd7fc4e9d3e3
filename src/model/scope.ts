import { DropsetError } from './errors.js';

/** Transport protocols whose headers begin with ports, by their numbers (IANA's protocol numbers), in the order in which texts have them. */
export const PROTOCOLS = { tcp: 6, udp: 17, sctp: 132, dccp: 33 } as const;

export type Protocol = keyof typeof PROTOCOLS;

export const isProtocol = (name: string): name is Protocol => Object.hasOwn(PROTOCOLS, name);

/** Ports from `first` to `last`, both counted. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Destination ports of one protocol: ascending, none of them touches the next; 0 to 65535 is the whole protocol. */
export interface Ports {
  readonly protocol: Protocol;
  readonly ranges: readonly PortRange[];
}

/** Ranges of ports in one scope: a backend has a rule for each scope, and its text is a name in the kernel. */
export const MOST_RANGES = 16;

/** No canonical text is longer. */
export const LONGEST_SCOPE = 240;

const LAST_PORT = 65_535;

/** Texts that are remembered; each is one object then. */
const MOST_KNOWN = 1024;

const ORDER = Object.keys(PROTOCOLS) as Protocol[];

/** The word that a scope begins with which drops nothing. */
const OBSERVE = 'observe';

/**
 * Which packets of an address a ban is about, and whether they are dropped or only counted. No scope at all is the usual one: all
 * packets, dropped.
 *
 * Immutable; two are the same exactly if their `text` is the same.
 */
export class Scope {
  /** `tcp/22,443`, `tcp/22 udp/53,1000-1010`, `tcp/*`, `observe`, `observe tcp/22`: at most `LONGEST_SCOPE` characters. */
  readonly text: string;
  /** What it is about is counted and passes. */
  readonly observes: boolean;
  /** By protocol; empty is all packets. */
  readonly ports: readonly Ports[];

  private constructor(text: string, observes: boolean, ports: readonly Ports[]) {
    this.text = text;
    this.observes = observes;
    this.ports = ports;
  }

  /**
   * The scope of these ports; undefined where all packets are dropped.
   *
   * @param ports in any order, overlapping; none is all packets.
   * @throws DropsetError `scope` for more than `MOST_RANGES` ranges.
   */
  static of(ports: readonly Ports[], observes = false): Scope | undefined {
    const sum = merged(ports);
    const count = rangesIn(sum);
    if (count <= MOST_RANGES) return known(sum, observes, (text, list) => new Scope(text, observes, list));
    throw new DropsetError(
      'scope',
      `${count} ranges of ports are more than the ${MOST_RANGES} that a ban can have; join them, or ban all traffic`,
    );
  }

  /**
   * Reads a canonical text, or one that differs in its order; `all` is none.
   *
   * @throws DropsetError `scope`
   */
  static parse(text: string): Scope | undefined {
    if (text === 'all') return undefined;
    const words = text.length > LONGEST_SCOPE ? [''] : text.split(' ');
    const observes = words[0] === OBSERVE;
    const ports = (observes ? words.slice(1) : words).map(portsOf);
    if (ports.every((found) => found !== undefined)) return Scope.of(ports, observes);
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    throw new DropsetError(
      'scope',
      `${JSON.stringify(shown)} is no scope; write it as "tcp/22,443", "tcp/22 udp/1000-1010", "tcp/*", "observe", "observe tcp/22" or "all"`,
    );
  }

  /** Whether it is about a packet. @param port its destination port; absent where the packet has none to be read. */
  meets(protocol: number, port?: number): boolean {
    if (this.ports.length === 0) return true;
    const found = this.ports.find((ports) => PROTOCOLS[ports.protocol] === protocol);
    if (!found) return false;
    if (isWhole(found)) return true;
    return port !== undefined && found.ranges.some(({ first, last }) => first <= port && port <= last);
  }

  toString(): string {
    return this.text;
  }
}

/** `all` where there is none: what `Scope.parse` reads. */
export const scopeText = (scope: Scope | undefined): string => scope?.text ?? 'all';

/** Whether nothing is dropped by it. */
export const isObserved = (scope: Scope | undefined): boolean => scope?.observes === true;

/** As `isObserved`, of a canonical text. */
export const textObserves = (text: string): boolean => text.split(' ', 1)[0] === OBSERVE;

/** Whether all ports of the protocol are meant, and packets that show none. */
export const isWhole = ({ ranges }: Ports): boolean => ranges[0]?.first === 0 && ranges[0].last === LAST_PORT;

/**
 * What stands in the kernel for several bans of one prefix: one that drops all packets wins, one that drops wins over those that
 * observe, and otherwise their ports are joined. What gets too long for a scope becomes a whole protocol: who was banned for so
 * many services has earned it.
 */
export function union(one: Scope | undefined, other: Scope | undefined): Scope | undefined {
  if (one === other) return one;
  if (!one || !other) return undefined;
  if (one.observes !== other.observes) return one.observes ? other : one;
  if (one.ports.length === 0 || other.ports.length === 0) return Scope.of([], one.observes);
  return Scope.of(shortened(merged([...one.ports, ...other.ports])), one.observes);
}

const all = new Map<string, Scope>();

/** One object a text, so that a million bans of a jail share it. */
function known(
  ports: readonly Ports[],
  observes: boolean,
  make: (text: string, ports: readonly Ports[]) => Scope,
): Scope | undefined {
  if (ports.length === 0 && !observes) return undefined;
  const text = [...(observes ? [OBSERVE] : []), ...ports.map(textOf)].join(' ');
  const found = all.get(text);
  if (found) return found;
  if (all.size >= MOST_KNOWN) all.clear();
  const scope = make(text, ports);
  all.set(text, scope);
  return scope;
}

const textOf = (ports: Ports): string =>
  `${ports.protocol}/${isWhole(ports) ? '*' : ports.ranges.map(rangeText).join(',')}`;

const rangeText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);

const rangesIn = (ports: readonly Ports[]): number => ports.reduce((sum, { ranges }) => sum + ranges.length, 0);

function merged(ports: readonly Ports[]): Ports[] {
  return ORDER.flatMap((protocol) => {
    const ranges = ports.filter((part) => part.protocol === protocol).flatMap((part) => part.ranges);
    return ranges.length === 0 ? [] : [{ protocol, ranges: joined(ranges) }];
  });
}

function joined(ranges: readonly PortRange[]): PortRange[] {
  const result: PortRange[] = [];
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before && first <= before.last + 1) {
      result[result.length - 1] = { first: before.first, last: Math.max(before.last, last) };
    } else result.push({ first, last });
  }
  return result;
}

/** The protocol with the most ranges becomes a whole one, until there are few enough. */
function shortened(ports: readonly Ports[]): readonly Ports[] {
  if (rangesIn(ports) <= MOST_RANGES) return ports;
  const longest = ports.reduce((most, part) => (part.ranges.length > most.ranges.length ? part : most));
  return shortened(
    ports.map((part) => (part === longest ? { ...part, ranges: [{ first: 0, last: LAST_PORT }] } : part)),
  );
}

/** `tcp/22,443`; undefined if it is none. */
function portsOf(word: string): Ports | undefined {
  const slash = word.indexOf('/');
  const protocol = word.slice(0, slash);
  if (slash < 0 || !isProtocol(protocol)) return undefined;
  const list = word.slice(slash + 1);
  const ranges = list === '*' ? [{ first: 0, last: LAST_PORT }] : list.split(',').map(rangeOf);
  return ranges.every((range) => range !== undefined) ? { protocol, ranges } : undefined;
}

function rangeOf(text: string): PortRange | undefined {
  const found = /^(0|[1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(text);
  if (!found) return undefined;
  const first = Number(found[1]);
  const last = Number(found[2] ?? found[1]);
  return first <= last && last <= LAST_PORT ? { first, last } : undefined;
}
