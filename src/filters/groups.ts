import { groupOf } from './tags.js';

/** What a match captured, by name; undefined where a group took no part. */
export type Groups = Record<string, string | undefined>;

interface Alternate {
  readonly from: string;
  readonly to: string;
}

/** How the groups of one expression complete each other: `alt_user` stands in for `user`, `tuple_id_2` adds to `id`. */
export interface Complements {
  readonly alternates: readonly Alternate[];
  readonly tuples: readonly Alternate[];
}

const COMPLEMENT = /^(alt_|tuple_)(.*?)(?:_\d+)?$/s;

export function complementsOf(names: readonly string[]): Complements | undefined {
  const found = [...names].sort().flatMap((from) => {
    const [, kind, to] = COMPLEMENT.exec(from) ?? [];
    return kind ? [{ kind, from, to: groupOf(to as string) }] : [];
  });
  if (found.length === 0) return undefined;
  const of = (wanted: string): Alternate[] => found.filter(({ kind }) => kind === wanted);
  return { alternates: of('alt_'), tuples: of('tuple_') };
}

/** Fills in what the alternates know, and puts tuples together, as Python prints them. Changes `groups`. */
export function complete(groups: Groups, { alternates, tuples }: Complements): void {
  for (const { from, to } of alternates) if (groups[from] && !groups[to]) groups[to] = groups[from];
  const parts = new Map<string, (string | undefined)[]>();
  for (const { from, to } of tuples) {
    const list = parts.get(to) ?? [groups[to]];
    list.push(groups[from]);
    parts.set(to, list);
  }
  for (const [to, list] of parts) groups[to] = `(${list.map(quoted).join(', ')})`;
}

const quoted = (part: string | undefined): string => (part === undefined ? 'None' : `'${part}'`);
