import type { BackendReport, Status } from '../control/status.js';
import { formatDuration } from '../model/duration.js';
import type { HookReport } from '../model/hook-report.js';
import type { JailReport } from '../model/jail-report.js';
import { printable } from '../model/printable.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';

const status: Command = {
  summary: 'show what the service does and how it is',
  usage: '[--json]',
  help: `Prints the backend, the jails, what was read, what is banned, and what is wrong.

  --json          the same as one object
  --socket PATH   the service's socket

Example:
  dropset status --json | jq .elements`,
  options: JSON_OPTION,

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`status takes no '${invocation.words[0]}'`);
    const found = await invocation.client.status();
    print(invocation, invocation.options.json ? JSON.stringify(found) : text(found));
    return DONE;
  },
};

export default status;

function text(found: Status): string {
  const { writer } = found;
  return [
    `dropset ${found.version}, running since ${found.since}`,
    `backend   ${found.backend}${place(found)}`,
    ...found.backends.slice(1).map(beside),
    ...(found.replies === null ? [] : [`replies   ${REPLIES[found.replies]}`]),
    `bans      ${found.bans}; elements in the kernel: ${found.elements ?? 'unknown before kernel 6.17'}`,
    `dropped   ${found.dropped.packets} packets, ${found.dropped.bytes} bytes`,
    ...observed(found),
    `read      ${found.lines} lines, ${found.failures} failures`,
    `written   ${writer.written} changes in ${writer.batches} batches; ${writer.pending} pending, ${writer.refused} refused, ${found.repaired} repaired`,
    `audited   ${found.audited ?? 'not yet'}`,
    ...waiting(found),
    ...found.jails.flatMap((one) => [jail(one), ...sieges(one)]),
    ...found.hooks.map(hook),
    ...(found.problems.length > 0 ? ['problems:', ...found.problems.map((problem) => `  ${problem}`)] : []),
  ].join('\n');
}

/** What was counted and passed, beside what was dropped, as far as bans were not about all traffic. */
function observed({ observed: passed, scopes }: Status): string[] {
  const sum =
    passed && passed.packets > 0
      ? [`observed  ${passed.packets} packets, ${passed.bytes} bytes would have been dropped`]
      : [];
  const used = scopes.filter(({ packets, jails }) => packets > 0 || jails.length > 0);
  return [...sum, ...used.map(scopeLine)];
}

function scopeLine({ scope, observes, jails, packets, bytes }: Status['scopes'][number]): string {
  const of = jails.length === 0 ? '' : ` (${jails.join(', ')})`;
  return `  ${scope}${of}: ${packets} packets, ${bytes} bytes ${observes ? 'would have been dropped' : 'dropped'}`;
}

/** What goes away by itself, and how long there is left to confirm it. */
function waiting({ configuration: { state, until }, unconfirmed }: Status): string[] {
  const left = (time: string): string =>
    `in ${formatDuration(Math.max(0, seconds(Date.parse(time) - Date.now())))} (${time})`;
  return [
    ...(until === null ? [] : [`confirm   the configuration is undone ${left(until)} unless: dropset confirm`]),
    ...(state === 'undone'
      ? ['reload    the configuration before that of the file is in force: nobody confirmed that one']
      : []),
    ...(unconfirmed.until === null
      ? []
      : [`confirm   ${unconfirmed.bans} bans end, the first ${left(unconfirmed.until)}, unless: dropset confirm`]),
  ];
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000) * 1000;

/** Of banned addresses, to connections that this host opened. */
const REPLIES = {
  tracked: "to this host's own connections pass (spare_replies)",
  tcp: 'of TCP pass, with all but what opens a connection (spare_replies = "tcp")',
  dropped: "to this host's own connections are dropped, as all else of who is banned",
  untracked:
    "to this host's own connections are dropped, since the kernel tracks no connections here: see dropset doctor",
} as const;

function place(found: Status): string {
  const { table, owned, interfaces, memory } = found;
  if (interfaces !== null) return `${attached(interfaces)}; ${Math.round((memory ?? 0) / 1e6)} MB of kernel memory`;
  const [first] = found.backends;
  if (first?.routes || first?.file) return placeOf(first);
  if (table === null) return ', which drops nothing';
  return `, table inet ${table}, ${owned ? 'owned: nobody else can change it' : 'not owned: others can change it'}`;
}

const placeOf = ({ routes, file }: BackendReport): string => {
  if (routes) return `, blackholes in routing table ${routes.table}`;
  return file ? `, ${printable(file.path)} (${file.format}), ${written(file)}` : '';
};

function written({ written: time, pending, failure }: NonNullable<BackendReport['file']>): string {
  if (failure !== null) return `NOT WRITTEN: ${printable(failure)}`;
  return `${time === null ? 'not written yet' : `written ${time}`}${pending ? ', about to be written' : ''}`;
}

/** A backend that is not the first. */
function beside(report: BackendReport): string {
  const { name, elements, pending, refused, repaired, failure } = report;
  if (failure !== null) return `beside    ${name}: NOT OPEN: ${printable(failure)}`;
  const figures = `${elements ?? 'unknown'} elements; ${pending} pending, ${refused} refused, ${repaired} repaired`;
  return `beside    ${name}${placeOf(report)}; ${figures}`;
}

function attached(interfaces: NonNullable<Status['interfaces']>): string {
  if (interfaces.length === 0) return ', on no interface: nothing is dropped';
  return `, on ${interfaces.map(({ name, mode }) => `${name} (${mode})`).join(', ')}`;
}

/** What was seen and did not count, with the reason; shown where there is any. */
const UNCOUNTED = {
  never: 'of never-addresses',
  outdated: 'too old to count',
  evicted: 'addresses forgotten for want of room',
  unresolved: 'blamed a host name without an address',
  invalid: 'blamed no address',
  ignored: 'taken back by ignoreregex',
  overruns: 'lines that took an expression too long',
} as const;

function jail(found: JailReport): string {
  const { name, filter, sources, lines, behind, failures, bans } = found;
  const uncounted = Object.entries(UNCOUNTED)
    .filter(([key]) => found[key as keyof typeof UNCOUNTED] > 0)
    .map(([key, words]) => `${found[key as keyof typeof UNCOUNTED]} ${words}`);
  const rest = uncounted.length > 0 ? `; not counted: ${uncounted.join(', ')}` : '';
  return `jail      ${name} (filter ${filter}): ${lines} lines${behind ? ` (${behind} bytes to go)` : ''}, ${failures} failures, ${bans} bans; ${sources.join(', ')}${rest}`;
}

/** Attackers chose the names. */
const sieges = ({ siege }: JailReport): string[] =>
  (siege?.standing ?? []).map(({ user, since, bans }) => {
    const what = user === null ? 'under siege' : `user ${printable(user)} under siege`;
    return `  siege   ${what} since ${since}: one failure is enough of who has not been seen to log in; ${bans} bans`;
  });

function hook({ name, kind, target, calls, failures, queued, dropped, failing }: HookReport): string {
  const rest = `${failures} failed tries; ${queued} events wait, ${dropped} were told to nobody`;
  return `hook      ${name} (${kind} ${target}): ${calls} calls, ${rest}${failing === null ? '' : `; fails: ${printable(failing)}`}`;
}
