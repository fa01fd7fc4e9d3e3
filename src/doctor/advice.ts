import type { Interface, Machine } from './facts.js';
import type { Verdict } from './verdict.js';

/** What to write into [backend]. */
export type BackendAdvice =
  | { readonly kind: 'xdp'; readonly interfaces: readonly string[]; readonly mode: 'native' }
  | { readonly kind: 'nftables' };

export interface Advice {
  /** Null where neither can drop anything. */
  readonly backend: BackendAdvice | null;
  readonly why: string;
  /** What must be done first, in its order. */
  readonly steps: readonly string[];
}

/** Bridges on bonds on VLANs end; a loop of them, which no kernel makes, does too. */
const DEEPEST = 8;

/**
 * The interfaces that packets from outside come in by: those that were named, else those that default routes leave by, each resolved to
 * what is below it; without either, all hardware that is up.
 */
export function entrancesOf(interfaces: readonly Interface[], named: readonly string[]): string[] {
  const resolve = (name: string, depth: number): string[] => {
    const found = interfaces.find(({ link }) => link.name === name);
    if (!found || depth === 0) return [];
    return found.below.length === 0 ? [name] : found.below.flatMap((other) => resolve(other, depth - 1));
  };
  const routed = interfaces.filter(({ route }) => route).map(({ link }) => link.name);
  const hardware = interfaces.filter(({ link }) => link.ethernet && link.up && !link.kind).map(({ link }) => link.name);
  const [first = []] = [named, routed, hardware].filter((names) => names.length > 0);
  return [...new Set(first.flatMap((name) => resolve(name, DEEPEST)))];
}

/** @param verdicts of the entrances, by name. */
export function adviceOf(verdicts: ReadonlyMap<string, Verdict>, machine: Machine): Advice {
  const all = [...verdicts];
  const others = all.filter(([, { right }]) => right !== 'native');
  if (all.length > 0 && others.length === 0) {
    const interfaces = all.map(([name]) => name);
    const steps = [...machineSteps(machine), ...all.flatMap(([, verdict]) => verdict.steps)];
    const why = `native XDP is to be had where packets come in (${interfaces.join(', ')})`;
    return { backend: { kind: 'xdp', interfaces, mode: 'native' }, why, steps };
  }
  const without = others.map(([name]) => name).join(', ');
  const why = without ? `native XDP is not to be had on ${without}` : 'no interface was found that packets come in by';
  if (machine.nftables !== 'absent') return { backend: { kind: 'nftables' }, why, steps: [] };
  const steps = ['modprobe nf_tables'];
  return { backend: null, why: `${why}, and this kernel has no nf_tables`, steps };
}

/** What XDP needs of the machine. */
export function machineSteps({ bpffs, object }: Machine): string[] {
  return [
    ...(bpffs ? [] : ['mount -t bpf bpf /sys/fs/bpf']),
    ...(object ? [] : ['apt-get install clang libbpf-dev && npm rebuild']),
  ];
}
