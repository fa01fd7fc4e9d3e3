import type { EventRecord } from '../control/event.js';
import { printable, printableJson } from '../model/printable.js';
import { type Command, complain, FAILED, type Invocation, JSON_OPTION, UsageError } from './command.js';
import { type Style, styleOf } from './style.js';
import { write } from './write.js';

const events: Command = {
  summary: 'follow what happens: bans, unbans, problems',
  usage: '[--event NAMES] [--jail NAMES] [--json]',
  help: `Prints what happens from now on, a line each, until the service stops or you do (Ctrl-C). Each of many bans comes too; who
reads more slowly than they come misses some, and is told how many.

  --event NAMES   these alone, with commas between them: ban, unban, end, extended, changes, lifted, refused, problem, repair,
                  note, start, stopping, stop, reload, siege, dropped
  --jail NAMES    bans, unbans, ends, sieges and dropped packets of these jails; manual is for those by hand
  --json          an object a line: {time, level, event, message, ...}
  --socket PATH   the service's socket

Exit code 1 when the service has stopped.

Examples:
  dropset events
  dropset events --jail sshd
  dropset events --json --event ban | jq -r .address`,
  options: { ...JSON_OPTION, event: { type: 'string' }, jail: { type: 'string' } },

  async run(invocation) {
    const { words, client, options } = invocation;
    if (words.length > 0) throw new UsageError(`events takes no '${words[0]}'`);
    const { event, jail } = options as { event?: string; jail?: string };
    const filter = { ...(event !== undefined && { event }), ...(jail !== undefined && { jail }) };
    const begun = (): void => tellTerminal(invocation, 'following; end with Ctrl-C');
    const style = styleOf(invocation);
    for await (const record of client.events(filter, { begun })) {
      if (record.event === 'heartbeat') continue;
      await write(invocation, `${options.json ? printableJson(record) : line(record, style)}\n`);
    }
    complain(invocation, 'the service has stopped');
    return FAILED;
  },
};

export default events;

/** A pipe has no use for it. */
function tellTerminal({ stderr }: Invocation, text: string): void {
  if (stderr.isTTY) stderr.write(`${text}\n`);
}

function line({ time, level, message }: EventRecord, { faint, bad, doubtful }: Style): string {
  const at = time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const paint = { debug: faint, info: (text: string) => text, warning: doubtful, error: bad }[level];
  return `${faint(at)} ${paint(printable(message))}`;
}
