import { type PortRange, type Ports, PROTOCOLS, type Protocol, Scope } from '../model/scope.js';
import { call } from './failure.js';
import type { Maps } from './program.js';
import { clearScopeTally } from './tallies.js';

/** `struct rule` and `struct ports` of native/bpf/layout.h, and how many there can be; a test compares this with what the addon says. */
export const RULE = { SIZE: 136, OBSERVES: 0, COUNT: 4, RANGES: 8 } as const;
export const PORTS = { SIZE: 8, FIRST: 0, LAST: 2, PROTOCOL: 4 } as const;
export const RULES = 256;

/**
 * The rules that say which packets of an element are meant, by number. They are in a map, so that they outlive us. A rule is not changed while
 * an element names it; the numbers of those that nobody names are given away again when there is no other.
 */
export class Scopes {
  readonly #maps: Pick<Maps, 'scopes' | 'scope_tallies'>;
  readonly #byNumber = new Map<number, Scope>();
  readonly #byText = new Map<string, number>();

  private constructor(maps: Pick<Maps, 'scopes' | 'scope_tallies'>) {
    this.#maps = maps;
  }

  /** Those that stand in the map. @throws BpfError */
  static read(maps: Pick<Maps, 'scopes' | 'scope_tallies'>): Scopes {
    const scopes = new Scopes(maps);
    for (let number = 1; number < RULES; number++) {
      const rule = call('reading scopes', (native) => native.lookup(maps.scopes, keyOf(number), RULE.SIZE));
      const scope = rule && decode(rule);
      if (scope) scopes.#know(number, scope);
    }
    return scopes;
  }

  /** Of a number that an element has; undefined for one that stands for no rule. */
  scope(number: number): Scope | undefined {
    return this.#byNumber.get(number);
  }

  /** All that have a number. */
  get all(): ReadonlyMap<number, Scope> {
    return this.#byNumber;
  }

  /**
   * The number of a scope that names ports, which the map has from here on; undefined where all numbers are taken.
   *
   * @param inUse tells, where all are taken, which of them elements have.
   * @throws BpfError
   */
  number(scope: Scope, inUse: () => ReadonlySet<number>): number | undefined {
    const known = this.#byText.get(scope.text);
    if (known !== undefined) return known;
    const number = this.#free() ?? this.#freed(inUse());
    if (number === undefined) return undefined;
    clearScopeTally(this.#maps, number);
    call('writing a scope', (native) => native.update(this.#maps.scopes, keyOf(number), encode(scope)));
    this.#know(number, scope);
    return number;
  }

  #know(number: number, scope: Scope): void {
    this.#byNumber.set(number, scope);
    this.#byText.set(scope.text, number);
  }

  #free(): number | undefined {
    if (this.#byNumber.size >= RULES - 1) return undefined;
    for (let number = 1; number < RULES; number++) if (!this.#byNumber.has(number)) return number;
    return undefined;
  }

  #freed(inUse: ReadonlySet<number>): number | undefined {
    for (const [number, { text }] of this.#byNumber) {
      if (inUse.has(number)) continue;
      this.#byNumber.delete(number);
      this.#byText.delete(text);
    }
    return this.#free();
  }
}

function keyOf(number: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(number, 0);
  return key;
}

function encode({ observes, ports }: Scope): Buffer {
  const rule = Buffer.alloc(RULE.SIZE);
  const ranges = ports.flatMap(({ protocol, ranges }) => ranges.map((range) => ({ protocol, ...range })));
  rule.writeUInt32LE(observes ? 1 : 0, RULE.OBSERVES);
  rule.writeUInt32LE(ranges.length, RULE.COUNT);
  for (const [index, { protocol, first, last }] of ranges.entries()) {
    const at = RULE.RANGES + index * PORTS.SIZE;
    rule.writeUInt16LE(first, at + PORTS.FIRST);
    rule.writeUInt16LE(last, at + PORTS.LAST);
    rule.writeUInt8(PROTOCOLS[protocol], at + PORTS.PROTOCOL);
  }
  return rule;
}

/** Undefined for what is no rule, or none that we have written. */
function decode(rule: Buffer): Scope | undefined {
  const count = rule.readUInt32LE(RULE.COUNT);
  if (count === 0 || RULE.RANGES + count * PORTS.SIZE > RULE.SIZE) return undefined;
  const ports = Array.from({ length: count }, (_, index) => portsAt(rule, RULE.RANGES + index * PORTS.SIZE));
  return ports.every((found) => found !== undefined)
    ? Scope.of(ports, rule.readUInt32LE(RULE.OBSERVES) !== 0)
    : undefined;
}

function portsAt(rule: Buffer, at: number): Ports | undefined {
  const number = rule.readUInt8(at + PORTS.PROTOCOL);
  const protocol = (Object.keys(PROTOCOLS) as Protocol[]).find((name) => PROTOCOLS[name] === number);
  const range: PortRange = { first: rule.readUInt16LE(at + PORTS.FIRST), last: rule.readUInt16LE(at + PORTS.LAST) };
  return protocol && range.first <= range.last ? { protocol, ranges: [range] } : undefined;
}
