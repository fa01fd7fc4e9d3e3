import { formatTime } from '../../model/time.js';
import type { ReplayedBan } from '../../replay/bans.js';
import type { Given } from './options.js';
import { bansOf, jailResults, type Results } from './results.js';

/** The results as one JSON object, in parts: a million bans are no text that anybody should hold. */
export function* recordsOf(results: Results, { onlySuspects }: Given): Generator<string> {
  let before = '{"bans":[';
  for (const ban of bansOf(results, onlySuspects)) {
    yield `${before}\n${JSON.stringify(recordOf(ban))}`;
    before = ',';
  }
  const { replay, logs, notes, seconds } = results;
  const [first, last] = replay.span ?? [null, null];
  const rest = {
    jails: jailResults(replay).map((jail) => ({
      ...jail,
      findtime: jail.findtime / 1000,
      bantime: jail.bantime === null ? null : jail.bantime / 1000,
    })),
    logs: logs.map((log) => ({ name: log.name, jails: replay.jailsOf(log) })),
    sieges: replay.sieges.all.map(({ since, until, ...siege }) => ({
      ...{ ...siege, since: formatTime(since), until: formatTime(until) },
    })),
    ...{ lines: replay.lines, bytes: replay.bytes, seconds, first: formatTime(first), last: formatTime(last), notes },
  };
  yield `${before === ',' ? '' : before}\n],${JSON.stringify(rest).slice(1)}\n`;
}

const time = (at: number | undefined): string | null => formatTime(at ?? null);

function recordOf({ jail, prefix, since, until, first, failures, dropped, reason, ...ban }: ReplayedBan): object {
  return {
    ...{ jail, address: prefix.text, since: formatTime(since), until: formatTime(until), first: formatTime(first) },
    ...{ failures, dropped, reason, never: ban.never ?? null },
    ...{ loginBefore: time(ban.loginBefore), loginAfter: time(ban.loginAfter) },
  };
}
