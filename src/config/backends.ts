import { type Fault, shown } from './faults.js';
import type { Path } from './locate.js';
import type { BackendChoice, BackendKind, DenyfileConfig } from './types.js';

/** Milliseconds between two writings of a file, where nothing else is said: a reload costs a server more than a look at a file. */
const INTERVAL = { written: 1000, reloaded: 5000 } as const;

type Raw = Omit<DenyfileConfig, 'interval'> & { readonly interval?: number | undefined };

export interface NamedBackends {
  /** Of [service], where it is given. */
  readonly names: readonly string[] | undefined;
  /** Of [backend]. */
  readonly kind: BackendKind;
  /** Whether the file says so, and it is not the default. */
  readonly isKindGiven: boolean;
  readonly files: Readonly<Record<string, Raw>>;
}

/** The backends that a configuration names, in its order, each once. */
export function choicesOf({ names, kind, files }: NamedBackends): readonly BackendChoice[] {
  return expanded(names ?? [kind], files).map((name): BackendChoice => {
    const file = files[fileOf(name) ?? ''];
    if (!file) return { name, kind: name as BackendKind };
    const interval = file.interval ?? (file.reload ? INTERVAL.reloaded : INTERVAL.written);
    return { name, kind: 'denyfile', file: { ...file, interval } };
  });
}

/** `denyfile` stands for every file. */
export const expanded = (names: readonly string[], files: Readonly<Record<string, unknown>>): readonly string[] => [
  ...new Set(
    names.flatMap((name) => (name === 'denyfile' ? Object.keys(files).map((file) => `denyfile.${file}`) : [name])),
  ),
];

/** What is wrong between the sections. */
export function backendFaults(named: NamedBackends): readonly Fault[] {
  const { names, kind, isKindGiven, files } = named;
  const at: Path = names ? ['service', 'backends'] : ['backend', 'kind'];
  const wanted = names ?? [kind];
  const all = expanded(wanted, files);
  const unknown = all.filter((name) => fileOf(name) !== undefined && !Object.hasOwn(files, fileOf(name) as string));
  return [
    ...(names && isKindGiven ? [{ path: at, sentence: 'stands beside [backend] kind; expected one of them' }] : []),
    ...(wanted.includes('denyfile') && Object.keys(files).length === 0
      ? [{ path: at, sentence: 'found "denyfile"; expected a section [denyfile.NAME] with its format and path' }]
      : []),
    ...unknown.map((name) => ({ path: at, sentence: `found ${shown(name)}; expected a section [${name}] too` })),
    ...Object.keys(files).flatMap((name) => fileFaults(name, all, files)),
  ];
}

/** @param all the names of the backends. */
export function jailFaults(jail: string, names: readonly string[], all: readonly string[]): readonly Fault[] {
  return names
    .filter((name) => !all.includes(name) && !(name === 'denyfile' && all.some((one) => fileOf(one))))
    .map((name) => ({
      path: ['jail', jail, 'backends'],
      sentence: `found ${shown(name)}; expected one that [service] backends names: ${all.join(', ')}`,
    }));
}

function fileFaults(name: string, all: readonly string[], files: NamedBackends['files']): readonly Fault[] {
  const path = ['denyfile', name];
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) {
    const expected = 'a letter or digit, then letters, digits, _ . or -, at most 64 in all';
    return [{ path, sentence: `not the name of a file; expected ${expected}` }];
  }
  const same = Object.entries(files).find(([other, file]) => other !== name && file.path === files[name]?.path);
  return [
    ...(all.includes(`denyfile.${name}`)
      ? []
      : [{ path, sentence: `is written by nobody; expected "denyfile" in [service] backends` }]),
    ...(same && same[0] < name
      ? [{ path: [...path, 'path'], sentence: `the same as that of [denyfile.${same[0]}]; expected another one` }]
      : []),
  ];
}

const fileOf = (name: string): string | undefined =>
  name.startsWith('denyfile.') ? name.slice('denyfile.'.length) : undefined;
