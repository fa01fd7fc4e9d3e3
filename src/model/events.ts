/**
 * What happens in the service, and what there is to tell of it: the log, the stream of `dropset events` and whoever counts hear the
 * same events, from one place (`daemon/events.ts`). A sentence is made of an event only where somebody wants to read it.
 */
import { formatDuration } from './duration.js';
import { printable } from './printable.js';
import { isObserved, type Scope } from './scope.js';
import type { SiegeChange } from './siege.js';
import type { Ban, Verdict } from './street.js';

export const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type Level = (typeof LEVELS)[number];

export type Event =
  /** The kernel drops these packets, or counts them, or no longer. */
  | Verdict
  | EndEvent
  | ExtendedEvent
  | ChangesEvent
  | LiftedEvent
  | RefusedEvent
  | ProblemEvent
  | RepairEvent
  | NoteEvent
  | StartEvent
  | StoppingEvent
  | StopEvent
  | ReloadEvent
  | SiegeEvent
  | DroppedEvent;

/** A ban's time is over. */
export interface EndEvent {
  readonly kind: 'end';
  readonly ban: Ban;
}

/** A ban ends later, as it says now: who is banned goes on sending, so many packets within the last part of it. */
export interface ExtendedEvent {
  readonly kind: 'extended';
  readonly ban: Ban;
  readonly packets: number;
}

/** Many bans, unbans and ends within a second or so, for who does not want to hear each of them. */
export interface ChangesEvent {
  readonly kind: 'changes';
  readonly bans: number;
  readonly unbans: number;
  readonly ends: number;
}

/** All bans were lifted at once: so many elements left the kernel. */
export interface LiftedEvent {
  readonly kind: 'lifted';
  readonly elements: number;
}

/** The kernel does not hold what it should. Of many in one batch the first are told, and the last of those says how many follow. */
export interface RefusedEvent {
  readonly kind: 'refused';
  readonly address: string;
  readonly error: string;
  readonly more: number;
  /** Whether it is one of the problems that `status` shows: of many that say the same, one is enough. */
  readonly kept: boolean;
}

/** Something is wrong, and what to do about it. `status` shows it. */
export interface ProblemEvent {
  readonly kind: 'problem';
  readonly message: string;
}

/** The kernel got back what somebody took from it, or the ledger what it lacked. */
export interface RepairEvent {
  readonly kind: 'repair';
  readonly of: 'kernel' | 'ledger';
  readonly count: number;
  readonly message: string;
  readonly level: 'info' | 'warning';
  /** Whether `status` shows it. */
  readonly kept: boolean;
}

/** What an operator may like to know, and need not act on now. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly level: Level;
  readonly message: string;
}

/** The socket answers, logs are read, and the kernel holds what the ledger says. */
export interface StartEvent {
  readonly kind: 'start';
  readonly backend: string;
  readonly jails: number;
  readonly restored: number;
}

/** @property cause as `SIGTERM`. */
export interface StoppingEvent {
  readonly kind: 'stopping';
  readonly cause: string;
}

/** @property stand whether bans go on in the kernel. */
export interface StopEvent {
  readonly kind: 'stop';
  readonly stand: boolean;
}

/** The configuration was read again. @property taken whether it holds now; if not, the one before does. */
export interface ReloadEvent {
  readonly kind: 'reload';
  readonly taken: boolean;
  readonly message: string;
}

/** A jail, or one of its users, is under siege: many addresses, each too seldom to be banned; or that is over. */
export interface SiegeEvent extends SiegeChange {
  readonly kind: 'siege';
  readonly jail: string;
}

/** A packet that was dropped, one of a few. */
export interface DroppedEvent {
  readonly kind: 'dropped';
  /** What its sentence begins with. */
  readonly head: string;
  readonly source: string;
  readonly destination: string;
  /** `tcp`, or its number. */
  readonly protocol: string;
  /** Where it went to; null where it has none. */
  readonly port: number | null;
  /** Who banned the source, or a prefix around it; empty where the ledger knows of no ban any more. */
  readonly jails: readonly string[];
  /** Of the first of these bans. */
  readonly reason: string | null;
}

export function levelOf(event: Event): Level {
  switch (event.kind) {
    case 'refused':
      return 'error';
    case 'problem':
      return 'warning';
    case 'siege':
      return event.state === 'begin' ? 'warning' : 'info';
    case 'repair':
    case 'note':
      return event.level;
    case 'reload':
      return event.taken ? 'info' : 'error';
    default:
      return 'info';
  }
}

/** An event as people read it; attackers may have written parts of it. */
export function sentenceOf(event: Event): string {
  switch (event.kind) {
    case 'ban':
      return banned(event.ban);
    case 'unban':
      return `unbanned ${event.prefix}`;
    case 'end':
      return `ban of ${event.ban.prefix} (${event.ban.jail}) ended`;
    case 'extended':
      return extended(event);
    case 'changes':
      return changed(event);
    case 'lifted':
      return `unbanned all: ${event.elements} elements`;
    case 'refused':
      return `${event.address} was not written: ${event.error}${event.more > 0 ? `; and ${event.more} more` : ''}`;
    case 'start':
      return `ready: ${readiness(event)}`;
    case 'stopping':
      return `${event.cause}: stopping`;
    case 'siege':
      return besieged(event);
    case 'dropped':
      return dropped(event);
    case 'stop':
      return event.stand ? 'stopped; bans stand and expire in the kernel' : 'stopped';
    default:
      return event.message;
  }
}

const extended = ({ ban: { prefix, jail, since, until }, packets }: ExtendedEvent): string =>
  `ban of ${prefix} (${jail}) lasts longer, ${until === null ? 'for ever' : `${formatDuration(until - since)} in all`}: ${packets} more packets came`;

const dropped = ({ head, source, destination, protocol, port, reason }: DroppedEvent): string =>
  `${head}dropped ${source} to ${destination} ${protocol}${port === null ? '' : `/${port}`}${reason ? `: ${reason}` : ''}`;

/** What a service that is ready has. */
export const readiness = ({ backend, jails, restored }: Omit<StartEvent, 'kind'>): string =>
  `${backend}, ${jails} jails, ${restored} bans restored`;

function banned({ prefix, jail, reason, since, until, scope }: Ban): string {
  const time = until === null ? 'for ever' : `for ${formatDuration(until - since)}`;
  const [verb, about] = [isObserved(scope) ? 'observing' : 'banned', aboutText(scope)];
  return `${verb} ${prefix}${about} ${time} (${jail}${reason ? `: ${reason}` : ''})`;
}

/** Ports, where not all are meant. */
const aboutText = (scope: Scope | undefined): string => {
  const ports = scope?.text.replace(/^observe ?/, '') ?? '';
  return ports === '' ? '' : ` (${ports})`;
};

function besieged({ jail, state, user, since, until, bans }: SiegeEvent): string {
  const what = user === null ? `jail ${jail}` : `user ${printable(user)} of jail ${jail}`;
  if (state === 'begin') return `${what} is under siege: one failure is enough of who has not been seen to log in`;
  return `${what} is under siege no longer, after ${formatDuration((until ?? since) - since)} and ${bans} bans for less than maxretry failures`;
}

function changed({ bans, unbans, ends }: ChangesEvent): string {
  const parts = [
    bans > 0 ? `${bans} banned` : '',
    unbans > 0 ? `${unbans} unbanned` : '',
    ends > 0 ? `${ends} bans ended` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
