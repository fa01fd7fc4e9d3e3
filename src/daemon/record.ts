import type { EventRecord } from '../control/event.js';
import { type DroppedEvent, type Event, levelOf, type SiegeEvent, sentenceOf } from '../model/events.js';
import { printable } from '../model/printable.js';
import { scopeText } from '../model/scope.js';
import type { Ban } from '../model/street.js';

/** Characters of a sentence, and of any other text: with all that JSON escapes a line stays below 32 KiB. */
const LONGEST = 2000;
const LONGEST_FIELD = 1000;

/** An event's sentence, fit for one line. */
export const messageOfEvent = (event: Event): string => cut(printable(cut(sentenceOf(event), LONGEST)), LONGEST);

/** An event as programs read it. */
export function recordOf(event: Event, time: number): EventRecord {
  return {
    time: iso(time),
    level: levelOf(event),
    event: event.kind,
    message: messageOfEvent(event),
    ...fieldsOf(event),
  } as EventRecord;
}

function fieldsOf(event: Event): object {
  switch (event.kind) {
    case 'ban':
    case 'end':
      return termsOf(event.ban);
    case 'extended':
      return { ...termsOf(event.ban), packets: event.packets };
    case 'unban':
      return { address: event.prefix.text, jail: event.jail ?? null };
    case 'refused':
      return { address: event.address, error: cut(event.error, LONGEST_FIELD), more: event.more };
    case 'repair':
      return { of: event.of, count: event.count };
    case 'problem':
    case 'note':
      return {};
    case 'reload':
      return { taken: event.taken };
    case 'siege':
      return siegeOf(event);
    case 'dropped':
      return droppedOf(event);
    default: {
      const { kind: _, ...fields } = event;
      return fields;
    }
  }
}

const siegeOf = ({ jail, state, user, since, until, bans }: SiegeEvent) => ({
  ...{ jail, state, user: user === null ? null : cut(user, LONGEST_FIELD) },
  ...{ since: iso(since), until: until === null ? null : iso(until), bans },
});

const droppedOf = ({ source, destination, protocol, port, jails, reason }: DroppedEvent) => ({
  ...{ source, destination, protocol, port, jails },
  reason: reason === null ? null : cut(reason, LONGEST_FIELD),
});

const termsOf = ({ prefix, jail, reason, since, until, scope }: Ban) => ({
  address: prefix.text,
  jail,
  reason: cut(reason, LONGEST_FIELD),
  since: iso(since),
  until: until === null ? null : iso(until),
  scope: scopeText(scope),
});

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 3)}...`);

/** The times of many bans are the same few. */
let known = new Map<number, string>();

function iso(time: number): string {
  const text = known.get(time) ?? new Date(time).toISOString();
  if (known.size > 100) known = new Map();
  known.set(time, text);
  return text;
}
