import type { Services } from './services.js';

/** Ports from `first` to `last`, both counted. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface Ports {
  readonly ranges: readonly PortRange[];
  /** What is neither a number nor a name of a service. */
  readonly unknown: readonly string[];
}

/** Reads ports as actions take them: `ssh`, `http,https`, `0:65535`, `27000-27015`, `{ 22, ftp-data }`. */
export function parsePorts(text: string, services: Services): Ports {
  const words = text.split(/[\s,{}]+/).filter((word) => word !== '');
  const found = words.map((word) => ({ word, range: rangeOf(word, services) }));
  return {
    ranges: found.flatMap(({ range }) => range ?? []),
    unknown: found.filter(({ range }) => !range).map(({ word }) => word),
  };
}

function rangeOf(word: string, services: Services): PortRange | undefined {
  const whole = portOf(word, services);
  if (whole !== undefined) return { first: whole, last: whole };
  // A hyphen may belong to a name, so that it parts numbers alone.
  const ends = /^([^:]*):([^:]*)$/.exec(word) ?? /^(\d+)-(\d+)$/.exec(word);
  const first = ends && (ends[1] === '' ? 0 : portOf(ends[1] as string, services));
  const last = ends && (ends[2] === '' ? 65_535 : portOf(ends[2] as string, services));
  return typeof first === 'number' && typeof last === 'number' && first <= last ? { first, last } : undefined;
}

function portOf(word: string, services: Services): number | undefined {
  if (!/^\d+$/.test(word)) return services.get(word);
  const port = Number(word);
  return port <= 65_535 ? port : undefined;
}
