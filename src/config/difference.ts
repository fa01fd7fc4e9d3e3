import type { Prefix } from '../model/prefix.js';
import { isLeftOut } from './notes.js';
import { isSame } from './same.js';
import type { Config, JailConfig } from './types.js';

/** What one configuration says otherwise than another. */
export interface Difference {
  /** Keys of [service], [log], [backend] and [metrics] as they stand in the file: `service.max_line`; and hooks: `hook.NAME`. */
  readonly keys: readonly string[];
  readonly never: { readonly added: readonly Prefix[]; readonly removed: readonly Prefix[] };
  /** Names. */
  readonly jails: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
    readonly unchanged: readonly string[];
  };
  /** Sentences: jails of a fail2ban tree that are gone because they cannot be read any more, and not because nobody wants them. */
  readonly faults: readonly string[];
  /** Notes that were not there before. */
  readonly notes: readonly string[];
}

/** Compares value by value. Where a value is from, as the line of a file, is no difference. */
export function differenceOf(before: Config, after: Config): Difference {
  const jails = jailsOf(before.jails, after.jails);
  const broken = jails.removed.flatMap((name) => after.notes.filter((note) => isLeftOut(note, name)));
  return {
    keys: [
      ...(['service', 'log', 'backend', 'metrics'] as const).flatMap((section) =>
        keysOf(section, before[section], after[section]),
      ),
      ...backendsOf(before.backends, after.backends),
      ...rulesOf(before, after),
      ...hooksOf(before.hooks, after.hooks),
    ],
    never: {
      added: without(after.never.addresses, before.never.addresses),
      removed: without(before.never.addresses, after.never.addresses),
    },
    jails,
    faults: broken,
    notes: after.notes.filter((note) => !before.notes.includes(note)),
  };
}

/** What is said of a file by its own keys; a file that is new, or gone, by the list. */
function backendsOf(before: Config['backends'], after: Config['backends']): string[] {
  const names = ({ name }: Config['backends'][number]): string => name;
  const known = new Map(before.map(({ name, file }) => [name, file]));
  return [
    ...(isSame(before.map(names), after.map(names)) ? [] : ['service.backends']),
    ...after.flatMap(({ name, file = {} }) => (known.has(name) ? keysOf(name, known.get(name) ?? {}, file) : [])),
  ];
}

/** Addresses are told one by one; names of hosts stand among them. */
function rulesOf(before: Config, after: Config): string[] {
  const wanted = ({ never: { files, refresh, users } }: Config) => ({ files, refresh, users });
  return [...keysOf('never', wanted(before), wanted(after)), ...keysOf('guard', before.guard, after.guard)];
}

/** Those that came, went or changed: `hook.NAME`. */
function hooksOf(before: Config['hooks'], after: Config['hooks']): string[] {
  const of = (hooks: Config['hooks'], name: string) => hooks.find((hook) => hook.name === name);
  const names = new Set([...before, ...after].map(({ name }) => name));
  return [...names]
    .filter((name) => !isSame({ value: of(before, name) }, { value: of(after, name) }))
    .map((name) => `hook.${name}`);
}

function keysOf(section: string, before: object, after: object): string[] {
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys]
    .filter((key) => !isSame({ value: one.get(key) }, { value: other.get(key) }))
    .map((key) => `${section}.${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`);
}

function without(all: readonly Prefix[], others: readonly Prefix[]): readonly Prefix[] {
  const known = new Set(others.map(({ text }) => text));
  return [...new Map(all.map((prefix) => [prefix.text, prefix])).values()].filter(({ text }) => !known.has(text));
}

function jailsOf(before: readonly JailConfig[], after: readonly JailConfig[]): Difference['jails'] {
  const known = new Map(before.map((jail) => [jail.name, jail]));
  const named = (is: (jail: JailConfig, old: JailConfig | undefined) => boolean): string[] =>
    after.filter((jail) => is(jail, known.get(jail.name))).map(({ name }) => name);
  return {
    added: named((_, old) => old === undefined),
    removed: before.filter(({ name }) => !after.some((jail) => jail.name === name)).map(({ name }) => name),
    changed: named((jail, old) => old !== undefined && !isSame(old, jail)),
    unchanged: named((jail, old) => old !== undefined && isSame(old, jail)),
  };
}
