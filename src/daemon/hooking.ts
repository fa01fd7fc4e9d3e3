import { Hooks } from '../hooks/hooks.js';
import { VERSION } from '../version.js';
import { wantedEvents } from './event-filter.js';
import type { Events } from './events.js';
import { recordOf } from './record.js';

/** Hooks that hear what happens: none before `replace`, and in a dry run nothing: they would act on bans that there are not. */
export function hooksOf(events: Pick<Events, 'listen' | 'tell' | 'problem'>, dryRun: boolean): Hooks {
  const hooks = new Hooks({
    record: recordOf,
    wanted: (names, jails) => wantedEvents({ event: String(names), ...(jails && { jail: String(jails) }) }).wants,
    version: VERSION,
    problem: (sentence) => events.problem(sentence),
    note: (message) => events.tell({ kind: 'note', level: 'info', message }),
  });
  if (!dryRun) events.listen(hooks);
  return hooks;
}
