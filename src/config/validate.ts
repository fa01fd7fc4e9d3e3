import type * as z from 'zod';
import type { Prefix } from '../model/prefix.js';
import { isReserved } from '../model/street.js';
import { suggest } from '../model/suggest.js';
import { backendFaults, choicesOf, expanded, jailFaults } from './backends.js';
import { escalationOf, GROWTHS } from './escalation.js';
import { type Fault, keyText, shown } from './faults.js';
import { hook, hookClashes, hookOf } from './hooks.js';
import type { Path } from './locate.js';
import { logOf, prefixFaults } from './log.js';
import { fallbackOf, presetFault, withPreset } from './preset.js';
import { file, jail, KEYS } from './schema.js';
import { portsOf, scopeFaults } from './scope.js';
import { siegeOf } from './siege.js';
import { sourceFaults, sourcesOf } from './sources.js';
import type { BackendChoice, HookConfig, JailSettings, Settings } from './types.js';

/** Checks what the TOML parser made. All faults come at once; `settings` are there exactly if there are none. */
export function validate(raw: Readonly<Record<string, unknown>>): { settings?: Settings; faults: Fault[] } {
  const sections = file.safeParse(raw, { reportInput: true });
  const jails = Object.entries(isTable(raw.jail) ? raw.jail : {}).map(([name, table]) => checkJail(name, table));
  const hooks = Object.entries(isTable(raw.hook) ? raw.hook : {}).map(([name, table]) => checkHook(name, table));
  const faults = [
    ...faultsOf(sections.error, []),
    ...[...jails, ...hooks].flatMap((checked) => checked.faults),
    ...hooks
      .slice(MOST_HOOKS)
      .flatMap(({ path }) => ({ path, sentence: `is one too many; expected at most ${MOST_HOOKS}` })),
  ];
  if (!sections.success || faults.length > 0) return { faults };
  const { service, log, backend, denyfile, metrics, never, guard, prefix, fail2ban } = sections.data;
  const { element_counters: elementCounters, spare_replies: spareReplies, route_table: routeTable, ...rest } = backend;
  const { max_line: maxLine, backends: names, ...paths } = service;
  const enabled = jails.flatMap((checked) => checked.jail ?? []);
  const isKindGiven = isTable(raw.backend) && Object.hasOwn(raw.backend, 'kind');
  const named = { names, kind: backend.kind, isKindGiven, files: denyfile };
  const backends = choicesOf(named);
  const clashing = [
    ...prefixFaults(log),
    ...backendFaults(named),
    ...enabled.flatMap((one) => jailFaults(one.name, one.backends ?? [], expanded(names ?? [backend.kind], denyfile))),
    ...enabled.flatMap((one) => (one.extend ? blindFaults(one.name, backends[0], elementCounters) : [])),
  ];
  if (clashing.length > 0) return { faults: clashing };
  const kind = (backends[0] as BackendChoice).kind;
  return {
    settings: {
      service: { ...paths, maxLine },
      log: logOf(log),
      backend: { ...rest, kind, elementCounters, spareReplies, routeTable },
      backends,
      metrics,
      never: { ...never, ...parted(never.addresses) },
      guard: { ports: guard.ports, widest: { 4: guard.widest_ipv4, 6: guard.widest_ipv6 } },
      prefix: { 4: prefix.ipv4, 6: prefix.ipv6 },
      fail2ban,
      jails: enabled.map((one) => (one.backends ? { ...one, backends: expanded(one.backends, denyfile) } : one)),
      hooks: hooks.flatMap((checked) => checked.hook ?? []),
    },
    faults,
  };
}

/** Of a jail whose bans last while packets come, which the first backend has to count. */
function blindFaults(jail: string, first: BackendChoice | undefined, isCounting: boolean): readonly Fault[] {
  const path = ['jail', jail, 'extend_while_active'];
  if (first?.kind === 'route' || first?.kind === 'denyfile')
    return [
      { path, sentence: `backend ${first.kind} counts no packets; expected nftables or xdp first, or false here` },
    ];
  if (isCounting) return [];
  return [{ path, sentence: 'nobody counts packets; expected element_counters = true in [backend], or false here' }];
}

/** Addresses and prefixes here, names of hosts there. */
const parted = (given: readonly (Prefix | string)[]) => ({
  addresses: given.filter((one) => typeof one !== 'string'),
  names: given.filter((one) => typeof one === 'string'),
});

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** `jail` is absent where there are faults, and where the jail is not enabled. */
function checkJail(name: string, written: unknown): { jail?: JailSettings; faults: Fault[] } {
  const path = ['jail', name];
  const unknown = isTable(written) ? presetFault(written) : undefined;
  // What else would be missing is the preset's.
  if (unknown !== undefined)
    return { faults: [...nameFaults(name, path), { path: [...path, 'preset'], sentence: unknown }] };
  const table = isTable(written) ? withPreset(written) : written;
  const fallback = isTable(written) ? fallbackOf(written) : undefined;
  const result = jail.safeParse(table, { reportInput: true });
  const faults = [...nameFaults(name, path), ...faultsOf(result.error, path), ...clashes(table, path)];
  return result.success && faults.length === 0 && result.data.enabled
    ? { jail: { ...jailOf(name, result.data), ...(fallback && { fallback }) }, faults }
    : { faults };
}

/** Each may have a program that runs. */
const MOST_HOOKS = 16;

/** `hook` is absent where there are faults. */
function checkHook(name: string, table: unknown): { hook?: HookConfig; path: Path; faults: Fault[] } {
  const path = ['hook', name];
  const result = hook.safeParse(table, { reportInput: true });
  const clashes = isTable(table) ? hookClashes(table) : [];
  const faults = [
    ...wordFaults(name, path, 'hook'),
    ...faultsOf(result.error, path),
    ...clashes.map(({ key, sentence }) => ({ path: key === undefined ? path : [...path, key], sentence })),
  ];
  return { path, faults, ...(result.success && faults.length === 0 && { hook: hookOf(name, result.data) }) };
}

function jailOf(name: string, raw: z.infer<typeof jail>): JailSettings {
  const { maxretry, findtime, bantime, usedns, ignoreip, ignoreself } = raw;
  return {
    name,
    filter: filterOf(name, raw),
    sources: sourcesOf(name, raw),
    ...{ maxretry, findtime, bantime, usedns, ignoreip, ignoreself },
    encoding: raw.logencoding,
    ports: portsOf(raw),
    ...policyOf(raw),
    ...(raw.logtimezone !== undefined && { timezone: raw.logtimezone }),
    ...(raw.ignoreuser !== undefined && { ignoreuser: raw.ignoreuser }),
    ...(raw.preset !== undefined && { preset: raw.preset }),
    ...(raw.trusted_proxies && { trustedProxies: raw.trusted_proxies }),
    ...(raw.ignorecommand !== undefined && { ignorecommand: raw.ignorecommand }),
    ...(raw.datepattern && { datepattern: raw.datepattern.join('\n') }),
    ...(raw.maxlines !== undefined && { maxlines: raw.maxlines }),
  };
}

/** Who is banned how, beside the usual. */
const policyOf = (raw: z.infer<typeof jail>) => ({
  ...(raw.escalation && { escalation: escalationOf(raw.escalation) }),
  ...(raw.backends && { backends: raw.backends }),
  ...(!raw.log && { log: false }),
  ...(raw.extend_while_active && { extend: { atMost: raw.extend_at_most } }),
  ...(raw.siege && { siege: siegeOf(raw.siege) }),
  ...(raw.successregex && { successregex: raw.successregex }),
  ...(raw.recidive && { recidive: raw.recidive }),
  ...(raw.recidive && raw.prefix && { distinct: true }),
  ...(raw.prefix && { prefix: ownPrefix(raw.prefix) }),
  ...(raw.mode && { mode: raw.mode }),
});

const ownPrefix = ({ ipv4, ipv6 }: { ipv4?: number | undefined; ipv6?: number | undefined }) => ({
  ...(ipv4 !== undefined && { 4: ipv4 }),
  ...(ipv6 !== undefined && { 6: ipv6 }),
});

function filterOf(name: string, { filter, prefregex, failregex, ignoreregex = [], recidive }: z.infer<typeof jail>) {
  if (recidive) return { failregex: [], ignoreregex: [] };
  if (!failregex) return filter ?? name;
  return { failregex, ignoreregex, ...(prefregex !== undefined && { prefregex }) };
}

function nameFaults(name: string, path: Path): Fault[] {
  if (isReserved(name))
    return [{ path, sentence: "reserved for people's own bans and for lists; expected another name" }];
  return wordFaults(name, path, 'jail');
}

function wordFaults(name: string, path: Path, what: string): Fault[] {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return [];
  const expected = 'a letter or digit, then letters, digits, _ . or -, at most 64 in all';
  return [{ path, sentence: `not the name of a ${what}; expected ${expected}` }];
}

// Not a refinement of the schema: zod skips those once a field has a fault, and then not every fault is reported.
function clashes(table: unknown, path: Path): Fault[] {
  if (!isTable(table)) return [];
  const sources = sourceFaults(String(path.at(-1)), table).map((sentence) => ({ path, sentence }));
  return [...escalationClashes(table, path), ...filterClashes(table, path), ...scopeFaults(table, path), ...sources];
}

function escalationClashes({ escalation }: Readonly<Record<string, unknown>>, path: Path): Fault[] {
  if (!isTable(escalation)) return [];
  const named = GROWTHS.filter((key) => Object.hasOwn(escalation, key));
  if (named.length < 2) return [];
  return [{ path: [...path, 'escalation'], sentence: `has ${named.join(' and ')}; expected one of them` }];
}

function filterClashes(table: Readonly<Record<string, unknown>>, path: Path): Fault[] {
  const has = (key: string): boolean => Object.hasOwn(table, key);
  if (has('filter') && has('failregex')) {
    const sentence = 'stands beside filter; expected either a filter or a failregex';
    return [{ path: [...path, 'failregex'], sentence }];
  }
  const lonely = ['ignoreregex', 'prefregex'].filter((key) => has(key) && !has('failregex'));
  const sentence = "stands without failregex; expected it beside one, or in the filter's file";
  return lonely.map((key) => ({ path: [...path, key], sentence }));
}

/** @param at where in the file the checked value stands. */
function faultsOf(error: z.ZodError | undefined, at: Path): Fault[] {
  // The first of each place: a number out of two bounds is one fault.
  const seen = new Set<string>();
  return (error?.issues ?? []).flatMap((issue) => {
    const path = [...at, ...(issue.path as Path)];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknown(key, path));
    if (seen.has(issue.path.join('\n'))) return [];
    seen.add(issue.path.join('\n'));
    return [{ path, sentence: `${found(issue.input)}; expected ${issue.message}` }];
  });
}

const found = (value: unknown): string => (value === undefined ? 'missing' : `found ${shown(value)}`);

const SECTIONS = [...KEYS.keys()].filter((name) => !name.includes('.'));

function unknown(key: string, section: Path): Fault {
  const path = [...section, key];
  if (section.length === 0) return { path, sentence: `unknown; ${meant(key, SECTIONS, 'sections')}` };
  const within = section.length > 2 ? `${String(section[0])}.${String(section.at(-1))}` : section[0];
  return { path, sentence: `unknown; ${meant(key, KEYS.get(String(within)) ?? [], 'keys')}` };
}

function meant(word: string, known: readonly string[], what: string): string {
  const near = suggest(word, known);
  return near ? `did you mean '${near}'?` : `expected one of the ${what} ${known.map(keyText).join(', ')}`;
}
