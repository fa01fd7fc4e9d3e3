import type { Readable } from 'node:stream';
import type { BanResult, StreamEvent } from '../control/api.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';

type Wanted = { for?: string; reason?: string };

const ban: Command = {
  summary: 'ban addresses or prefixes by hand',
  usage: '[--for TIME] [--reason TEXT] [--exact] [--json] ADDRESS... | -',
  help: `Answers when the kernel drops the packets of every address given.

  ADDRESS         IPv4 or IPv6 address or prefix; - reads one a line from standard input, any number of them
  --for TIME      how long: 90 (seconds), 10m, 1h 30m, 7d; default never ends
  --reason TEXT   shown by dropset list
  --exact         all of a list end together; otherwise those behind its first 5,000 end up to a twentieth of the time
                  later, an hour at most, so that a million do not end in one second
  --json          print the answer as JSON
  --socket PATH   the service's socket

Examples:
  dropset ban 192.0.2.7 --for 1h --reason 'spam run'
  dropset ban 2001:db8:bad::/48
  dropset ban --for 1d - < addresses.txt`,
  options: { ...JSON_OPTION, for: { type: 'string' }, reason: { type: 'string' }, exact: { type: 'boolean' } },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length === 0) throw new UsageError('ban needs an address, or - for standard input');
    const wanted: Wanted = {
      ...(options.for !== undefined && { for: String(options.for) }),
      ...(options.reason !== undefined && { reason: String(options.reason) }),
    };
    if (words.includes('-')) {
      if (words.length > 1) throw new UsageError('- stands for all addresses: give no others beside it');
      return fromInput(invocation, wanted);
    }
    return given(invocation, wanted);
  },
};

export default ban;

async function given(invocation: Invocation, wanted: Wanted): Promise<number> {
  const results = await invocation.client.ban({ addresses: invocation.words, ...wanted });
  if (invocation.options.json) print(invocation, JSON.stringify(results));
  else for (const result of results) tell(invocation, result);
  return results.some(({ error }) => error) ? FAILED : DONE;
}

function tell(invocation: Invocation, { address, until, error }: BanResult): void {
  if (error) complain(invocation, `${address}: ${error.message}`);
  else print(invocation, `banned ${address} ${until == null ? 'for ever' : `until ${until}`}`);
}

/** Streams; with --json prints the events, one a line. */
async function fromInput(invocation: Invocation, wanted: Wanted): Promise<number> {
  const { client, stdin, options } = invocation;
  let failed = true;
  for await (const event of client.banStream(stdin as Readable, {
    ...wanted,
    ...(options.exact && { exact: 'true' }),
  })) {
    if (options.json) print(invocation, JSON.stringify(event));
    else show(invocation, event);
    if ('done' in event && event.done) failed = event.refusals > 0;
  }
  return failed ? FAILED : DONE;
}

function show(invocation: Invocation, event: StreamEvent): void {
  const { stderr } = invocation;
  // A terminal shows how far it is, in one line that is written over.
  const clear = stderr.isTTY ? '\r\u001b[K' : '';
  if ('refused' in event) {
    const { line, address, error } = event.refused;
    stderr.write(clear);
    complain(invocation, `line ${line}: ${address === '' ? '(empty)' : address}: ${error.message}`);
  } else if (event.done) {
    stderr.write(clear);
    print(invocation, `banned ${event.banned}, refused ${event.refusals}`);
  } else if (stderr.isTTY) {
    stderr.write(`${clear}${event.banned} banned, ${event.refusals} refused ...`);
  }
}
