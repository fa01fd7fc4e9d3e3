import type { EventFilter } from '../control/api.js';
import { EVENT_NAMES } from '../control/event.js';
import { DropsetError } from '../model/errors.js';
import type { Event } from '../model/events.js';

/** Those that come for each ban. */
const OF_BANS: readonly string[] = ['ban', 'unban', 'end'];

/** Others that a jail leaves. */
const OF_JAILS: readonly string[] = ['extended', 'lifted', 'siege', 'dropped'];

export interface Wanted {
  readonly wants: (event: Event) => boolean;
  /** Whether bans, unbans or ends are wanted. */
  readonly each: boolean;
}

/**
 * Which events a reader wants. A jail leaves bans, unbans, ends, extensions, sieges and dropped packets of that jail, and what lifts the bans of all jails; other events are
 * of no jail, and come only if they are named.
 *
 * @throws DropsetError `request` for an event that there is not.
 */
export function wantedEvents({ event, jail }: EventFilter): Wanted {
  const jails = jail === undefined ? undefined : new Set(jail.split(','));
  const names = event === undefined ? undefined : new Set(event.split(','));
  for (const name of names ?? []) {
    if (!EVENT_NAMES.some((known) => known === name)) {
      throw new DropsetError(
        'request',
        `there is no event ${JSON.stringify(name.slice(0, 60))}; there are ${EVENT_NAMES.join(', ')}`,
      );
    }
  }
  const isNamed = (kind: string): boolean =>
    names?.has(kind) ?? (!jails || OF_JAILS.includes(kind) || OF_BANS.includes(kind));
  return {
    wants: (one) => isNamed(one.kind) && (!jails || isOf(jails, one)),
    each: OF_BANS.some(isNamed),
  };
}

function isOf(jails: ReadonlySet<string>, event: Event): boolean {
  if (event.kind === 'ban' || event.kind === 'end' || event.kind === 'extended') return jails.has(event.ban.jail);
  if (event.kind === 'siege') return jails.has(event.jail);
  if (event.kind === 'dropped') return event.jails.some((jail) => jails.has(jail));
  return event.kind !== 'unban' || event.jail === undefined || jails.has(event.jail);
}
