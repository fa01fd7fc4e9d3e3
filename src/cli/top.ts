import { setTimeout as sleep } from 'node:timers/promises';
import type { Top } from '../control/top.js';
import { formatDuration, parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { printableJson } from '../model/printable.js';
import { type Command, DONE, type Invocation, JSON_OPTION, UsageError } from './command.js';
import { styleOf } from './style.js';
import { Screen } from './top/screen.js';
import { linesOf, type Room, roomOf } from './top/view.js';
import { write } from './write.js';

/** Milliseconds between two looks: the service looks no sooner than after half a second. */
const SHORTEST = 500;
const LONGEST = 3_600_000;

/** Where there is no screen to fill. */
const ROOM: Room = { busiest: 10, newest: 5, jails: 50, width: 500 };

const top: Command = {
  summary: 'watch what is being dropped',
  usage: '[--interval TIME] [--count N] [--once] [--json] [--no-color]',
  help: `Shows packets dropped a second, the addresses that are dropped most, the jails, and the newest bans: on the whole terminal
until q or Ctrl-C, or as blocks of text where there is none. The busiest are those of some 2,000 elements that each look
looks up: the newest bans, those that were seen to drop before, and 1,024 others in turn. Up to 1,024 bans that is
everybody; of a million, somebody who was quiet so far may take half an hour to be found.

  --interval TIME between two looks, from 500ms to 1h; default 2s
  --count N       end after so many looks
  --once          as --count 1: one look, over one interval, as text
  --json          an object a line: {time, seconds, dropped, rate: {packets, bytes}, bans, elements, looked, busiest: [{address,
                  packets, bytes, rate, bans}], newest: [{address, jail, until, since, reason}], jails}
  --no-color      no colours, as with NO_COLOR
  --socket PATH   the service's socket

Examples:
  dropset top
  dropset top --once --interval 10s
  dropset top --json --count 6 --interval 10s | jq .rate.packets`,
  options: {
    ...JSON_OPTION,
    interval: { type: 'string' },
    count: { type: 'string' },
    once: { type: 'boolean' },
    'no-color': { type: 'boolean' },
  },

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`top takes no '${invocation.words[0]}'`);
    const { options, stdout, environment } = invocation;
    const interval = intervalOf(invocation);
    const count = countOf(invocation);
    const isText = count !== undefined || options.json || !stdout.isTTY || environment.TERM === 'dumb';
    if (isText) await blocks(invocation, interval, count ?? Number.POSITIVE_INFINITY);
    else await onScreen(invocation, interval);
    return DONE;
  },
};

export default top;

const NEVER = new AbortController().signal;

/** Looks, each an interval after the one before, which the rates of the first are counted from too; until `over`. */
async function* looks(
  { client }: Invocation,
  interval: number,
  over = NEVER,
): AsyncGenerator<{ found: Top; before: Top | undefined }> {
  let before: Top | undefined;
  while (!over.aborted) {
    const found = await client.top();
    yield { found, before };
    before = found;
    await sleep(interval, undefined, { signal: over }).catch(() => undefined);
  }
}

async function blocks(invocation: Invocation, interval: number, count: number): Promise<void> {
  let done = 0;
  for await (const { found, before } of looks(invocation, interval)) {
    if (!before) continue;
    const text = invocation.options.json
      ? printableJson(found)
      : `${done === 0 ? '' : '\n'}${linesOf(found, before, ROOM, paint(invocation)).join('\n')}`;
    await write(invocation, `${text}\n`);
    if (++done >= count) return;
  }
}

async function onScreen(invocation: Invocation, interval: number): Promise<void> {
  const screen = new Screen(invocation);
  let last: { found: Top; before: Top | undefined } | undefined;
  const draw = (): void => {
    if (!last) return;
    const { found, before } = last;
    const room = roomOf(screen.rows - 2, screen.columns, found.jails.length);
    const style = paint(invocation);
    screen.draw([
      ...linesOf(found, before, room, style),
      '',
      style.faint(`every ${formatDuration(interval)}; q leaves`.slice(0, screen.columns)),
    ]);
  };
  screen.open(draw);
  try {
    for await (const look of looks(invocation, interval, screen.signal)) {
      last = look;
      draw();
    }
  } finally {
    screen.close();
  }
}

const paint = (invocation: Invocation) =>
  styleOf(invocation.options['no-color'] ? { ...invocation, environment: { NO_COLOR: '1' } } : invocation);

function intervalOf({ options }: Invocation): number {
  const text = (options.interval as string | undefined) ?? '2s';
  try {
    const found = parseDuration(text);
    if (found !== null && found >= SHORTEST && found <= LONGEST) return found;
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
  }
  throw new UsageError(`--interval: '${text.slice(0, 60)}' is no time from 500ms to 1h`);
}

function countOf({ options }: Invocation): number | undefined {
  if (options.once) return 1;
  const text = options.count as string | undefined;
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--count: '${text.slice(0, 60)}' is no number from 1 on`);
}
