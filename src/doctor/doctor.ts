import { DropsetError } from '../model/errors.js';
import { suggest } from '../model/suggest.js';
import { NetlinkError } from '../netlink/failure.js';
import type { XdpMode } from '../rtnetlink/links.js';
import { type Advice, adviceOf, entrancesOf } from './advice.js';
import type { Interface, Machine } from './facts.js';
import { interfaceFacts } from './interfaces.js';
import { machineFacts } from './machine.js';
import { type Verdict, verdictOf } from './verdict.js';

/** One interface, what is so of it and what is right for it. */
export interface Examined extends Verdict {
  readonly name: string;
  readonly index: number;
  /** Null where neither a driver nor a kind is told. */
  readonly driver: string | null;
  readonly mtu: number;
  readonly up: boolean;
  /** Whether a default route leaves by it. */
  readonly route: boolean;
  /** Whether the driver runs XDP natively as it is set up now; null where the kernel does not tell (before 6.3). */
  readonly native: boolean | null;
  readonly xdp: { readonly mode: XdpMode; readonly program: number } | null;
}

export interface Examination extends Advice {
  readonly machine: Omit<Machine, 'lockdown'> & { readonly lockdown: string | null };
  readonly interfaces: readonly Examined[];
}

/**
 * Looks at these interfaces, or at all of this network namespace, and says how packets are best dropped.
 *
 * @throws DropsetError for one that does not exist, or where interfaces cannot be listed.
 */
export async function examine(names: readonly string[]): Promise<Examination> {
  const [interfaces, machine] = await Promise.all([gathered(), machineFacts()]);
  refuseUnknown(names, interfaces);
  return { ...examined(interfaces, machine, names), machine: { ...machine, lockdown: machine.lockdown ?? null } };
}

/** The judgement alone, on facts from anywhere. */
export function examined(
  interfaces: readonly Interface[],
  machine: Machine,
  names: readonly string[],
): Omit<Examination, 'machine'> {
  const entrances = entrancesOf(interfaces, names);
  const verdicts = new Map(
    interfaces.map((facts) => [facts.link.name, verdictOf(facts, machine, entrances.includes(facts.link.name))]),
  );
  const wanted = interfaces.filter(({ link }) => names.length === 0 || names.includes(link.name));
  return {
    ...adviceOf(new Map([...verdicts].filter(([name]) => entrances.includes(name))), machine),
    interfaces: wanted.map((facts) => report(facts, verdicts.get(facts.link.name) as Verdict)),
  };
}

async function gathered(): Promise<Interface[]> {
  try {
    return await interfaceFacts();
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError)) throw thrown;
    throw new DropsetError(
      'kernel',
      `interfaces cannot be listed (${thrown.message}): run it where netlink sockets are allowed (RestrictAddressFamilies= of systemd)`,
      { cause: thrown },
    );
  }
}

function refuseUnknown(names: readonly string[], interfaces: readonly Interface[]): void {
  const known = interfaces.map(({ link }) => link.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = suggest(unknown, known);
  throw new DropsetError(
    'interface',
    `there is no interface '${unknown}' in this network namespace; ${meant ? `did you mean '${meant}'?` : `there are ${known.join(', ')}`}`,
  );
}

function report({ link, driver, features, route }: Interface, verdict: Verdict): Examined {
  return {
    name: link.name,
    index: link.index,
    driver: driver ?? null,
    mtu: link.mtu,
    up: link.up,
    route,
    native: features?.basic ?? null,
    xdp: link.xdp ?? null,
    ...verdict,
  };
}
