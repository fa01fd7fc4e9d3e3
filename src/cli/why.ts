import type { ExplainedBan, ExplainedElement, Explanation } from '../control/api.js';
import { DropsetError } from '../model/errors.js';
import { printable } from '../model/printable.js';
import {
  type Command,
  complain,
  DONE,
  FAILED,
  type Invocation,
  JSON_OPTION,
  print,
  USAGE,
  UsageError,
} from './command.js';
import { styleOf } from './style.js';

const why: Command = {
  summary: 'say why an address is banned, or that it is not',
  usage: '[--json] ADDRESS',
  help: `Says whether the kernel drops the packets of an address or prefix, also as a part of a wider prefix: which jails banned it, the log
lines that led to it, since when and until when, how often before, what was dropped and where, whether a never-rule
covers it, what a ban would cut, and what an unban would do.

  --json          one object {address, banned, bans: [{address, jail, reason, since, until, scope, extended, lines}],
                  elements: [{address, until, scope, packets, bytes, set}], folded, past: [{address, jail, bans, first,
                  last}], never, guard, unban: {lifts: [{address, jail}], stays: [...]}, backend,
                  table: {name, hook, priority}, interfaces}
  --socket PATH   the service's socket

Exit codes, as grep's: 0 it is banned, 1 it is not, 2 an error.

Examples:
  dropset why 192.0.2.7
  dropset why --json 2001:db8::7 | jq -r '.bans[].lines[]'`,
  options: JSON_OPTION,

  async run(invocation) {
    const [address, another] = invocation.words;
    if (address === undefined) throw new UsageError('why needs an address');
    if (another !== undefined) throw new UsageError(`why takes one address: '${another}' is one too many`);
    const found = await asked(invocation, address);
    if (!found) return USAGE;
    print(invocation, invocation.options.json ? JSON.stringify(found) : text(found, invocation).join('\n'));
    return found.banned ? DONE : FAILED;
  },
};

export default why;

/** Undefined where there is no answer; why is said. */
async function asked(invocation: Invocation, address: string): Promise<Explanation | undefined> {
  try {
    return await invocation.client.why(address);
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
    complain(invocation, thrown.message);
    return undefined;
  }
}

function text(found: Explanation, invocation: Invocation): string[] {
  const { strong, faint } = styleOf(invocation);
  return [
    strong(verdict(found)),
    ...found.bans.flatMap((ban) => [
      `  ${printable(banLine(ban, found))}`,
      ...ban.lines.map((line) => faint(`    ${printable(line)}`)),
    ]),
    ...(!found.folded ? [] : [`  folded into ${found.folded}, which lasts at least as long`]),
    ...found.elements.map((element) => `  ${droppedLine(element, found)}`),
    ...pastLines(found).map((line) => `  ${line}`),
    ...(found.never === null ? [] : [`  never to be banned: ${found.never}`]),
    ...(found.guard === null ? [] : [`  not to be banned unless it is forced: ${printable(found.guard)}`]),
    ...unbanLines(found).map((line) => `  ${line}`),
  ];
}

function verdict({ address, banned, bans, elements }: Explanation): string {
  const ports = elements.every(({ scope }) => scope !== 'all') && elements.map(({ scope }) => scope).filter(isDropped);
  if (banned) return `${address} is banned${ports ? ` from ${ports.join(' ')}` : ''}`;
  if (elements.length > 0) return `${address} is observed, not dropped`;
  if (bans.length === 0) return `${address} is not banned`;
  return `${address} is banned in the ledger, but the kernel does not hold it: see the problems of dropset status`;
}

const isDropped = (scope: string): boolean => !scope.startsWith('observe');

function banLine({ address, jail, reason, since, until, scope, extended }: ExplainedBan, found: Explanation): string {
  const part = address === found.address ? '' : ` as a part of ${address}`;
  const by = jail === 'manual' ? 'by hand' : `by jail ${jail}`;
  const end = until === null ? 'for ever' : `until ${time(until)}`;
  const about = scope === 'all' ? '' : ` (${scope})`;
  const longer = extended ? ` (${extensionsOf(extended)})` : '';
  return `${by}${part}${about}, since ${time(since)}, ${end}${longer}${reason === '' ? '' : `: ${reason}`}`;
}

const extensionsOf = ({ times, active }: NonNullable<ExplainedBan['extended']>): string =>
  `extended ${times === 1 ? 'once' : `${times} times`}, packets last came before ${time(active)}`;

function droppedLine({ address, scope, packets, bytes, set }: ExplainedElement, found: Explanation): string {
  const of = address === found.address ? '' : ` of ${address}`;
  const about = scope === 'all' ? '' : ` (${scope})`;
  const verb = isDropped(scope) ? 'dropped' : 'let through';
  const counted =
    packets === null ? `packets${of} are ${verb}, and not counted` : `${verb} ${packets} packets${of}, ${bytes} bytes`;
  return `${counted}${about}; ${placeOf(set, found)}`;
}

function placeOf(set: string | null, { backend, table, interfaces }: Explanation): string {
  if (interfaces)
    return `by XDP on ${interfaces.map(({ name, mode }) => `${name} (${mode})`).join(', ') || 'no interface'}`;
  if (!table) return `backend ${backend}, which drops nothing`;
  return `set ${set} of table inet ${table.name}, hook ${table.hook}, priority ${table.priority}`;
}

/** Of a live ban what came before it. */
function pastLines({ address, bans, past }: Explanation): string[] {
  return past.flatMap((one) => {
    const isLive = bans.some((ban) => ban.jail === one.jail && ban.address === one.address);
    const before = isLive ? one.bans - 1 : one.bans;
    if (before === 0) return [];
    const what = one.address === address ? '' : ` ${one.address}`;
    const times = before === 1 ? 'once' : `${before} times`;
    const span = one.bans === 1 ? time(one.first) : `first ${time(one.first)}, last ${time(one.last)}`;
    return [`${one.jail} has banned${what || ' it'} ${times} before: ${span}`];
  });
}

function unbanLines({ address, banned, unban: { lifts, stays } }: Explanation): string[] {
  if (lifts.length === 0 && stays.length === 0) {
    return banned ? [`no ban stands behind it: dropset unban ${address} takes it out of the kernel`] : [];
  }
  const lifted = lifts.length === 0 ? `lifts nothing` : `lifts ${list(lifts.map(({ jail }) => jail))}`;
  const left = stays.map((ban) => `${ban.address} (${ban.jail})`);
  return [`dropset unban ${address} ${lifted}${left.length > 0 ? `; what stays: ${list(left)}` : ''}`];
}

const list = (names: readonly string[]): string => names.join(', ');

const time = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
