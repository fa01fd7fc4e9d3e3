import type { Readable } from 'node:stream';
import { givenPorts } from '../config/scope.js';
import type { BanResult, BanTerms, StreamEvent } from '../control/api.js';
import { messageOf } from '../model/errors.js';
import { Scope, scopeText } from '../model/scope.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';
import { originOf } from './origin.js';
import { parted } from './reason.js';

const ban: Command = {
  summary: 'ban addresses or prefixes by hand',
  usage: '[--for TIME] [--port PORTS] [--confirm-within TIME] [OPTION]... ADDRESS... [REASON] | -',
  help: `Answers when the kernel drops the packets of every address given. Refused, with the reason, is what must never be
banned, and unless it is forced what would cut the machine or you off: its own addresses, gateways and resolvers, whoever
has a session on a protected port, and prefixes wider than [guard] allows.

  ADDRESS         IPv4 or IPv6 address or prefix; - reads one a line from standard input, any number of them
  REASON          the last word, where it is no address: 'login flood'. What may be a mistyped address is refused, and
                  nothing is banned
  --for TIME      how long: 90 (seconds), 10m, 1h 30m, 7d; default never ends
  --reason TEXT   the same, whatever it looks like; dropset list and why show it
  --port PORTS    close these alone: numbers, ranges and names of /etc/services, as 22,443,1000-1010; default all traffic
  --protocol NAMES
                  of these protocols: tcp (default), udp, sctp, dccp; without --port all their packets
  --observe       count what would be dropped, and let it pass
  --confirm-within TIME
                  the bans end after TIME, 1s to 1d, unless dropset confirm follows: the kernel ends them, whatever
                  becomes of the service or of your session; not with -
  --force         ban also what would cut you or the machine off; what is never banned is refused all the same
  --exact         all of a list end together; otherwise those behind its first 5,000 end up to a twentieth of the time
                  later, an hour at most, so that a million do not end in one second
  --json          print the answer as JSON
  --socket PATH   the service's socket

Examples:
  dropset ban 192.0.2.7 'login flood' --for 1h
  dropset ban 192.0.2.7 192.0.2.8 --reason 4711
  dropset ban 2001:db8:bad::/48
  dropset ban --port ssh,443 192.0.2.9
  dropset ban 203.0.113.0/20 --confirm-within 60s
  dropset ban --for 1d - < addresses.txt`,
  options: {
    ...JSON_OPTION,
    for: { type: 'string' },
    reason: { type: 'string' },
    'confirm-within': { type: 'string' },
    port: { type: 'string' },
    protocol: { type: 'string' },
    observe: { type: 'boolean' },
    force: { type: 'boolean' },
    exact: { type: 'boolean' },
  },

  async run(invocation) {
    const { options } = invocation;
    if (invocation.words.length === 0) throw new UsageError('ban needs an address, or - for standard input');
    const { addresses: words, ...said } =
      options.reason === undefined ? parted(invocation.words) : { addresses: invocation.words };
    const wanted = { ...termsOf(invocation), ...said };
    const within = options['confirm-within'];
    if (words.includes('-')) {
      if (words.length > 1) throw new UsageError('- stands for all addresses: give no others beside it');
      if (within !== undefined) throw new UsageError('--confirm-within needs addresses on the command line, not -');
      return fromInput(invocation, wanted);
    }
    return given(invocation, words, within === undefined ? wanted : { ...wanted, confirmWithin: String(within) });
  },
};

export default ban;

/** What --for, --reason and --force say, and where who asks is logged in from. */
export function termsOf({ options, environment }: Invocation): BanTerms {
  const client = originOf(environment);
  return {
    ...(options.for !== undefined && { for: String(options.for) }),
    ...(options.reason !== undefined && { reason: String(options.reason) }),
    ...scopeOf(options),
    ...(options.force && { force: true }),
    ...(client !== undefined && { client }),
  };
}

/** What --port, --protocol and --observe say. @throws UsageError */
function scopeOf({ port, protocol, observe }: Invocation['options']): Pick<BanTerms, 'scope'> {
  if (port === undefined && protocol === undefined && !observe) return {};
  const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));
  try {
    return { scope: scopeText(Scope.of(givenPorts(text(port), text(protocol)), observe === true)) };
  } catch (thrown) {
    throw new UsageError(messageOf(thrown));
  }
}

async function given(invocation: Invocation, addresses: readonly string[], wanted: BanTerms): Promise<number> {
  const results = await invocation.client.ban({ addresses, ...wanted });
  if (invocation.options.json) print(invocation, JSON.stringify(results));
  else for (const result of results) tell(invocation, result);
  const waits = wanted.confirmWithin !== undefined && results.some(({ error }) => !error);
  if (waits && !invocation.options.json) print(invocation, 'to let that stay: dropset confirm');
  return results.some(({ error }) => error) ? FAILED : DONE;
}

function tell(invocation: Invocation, { address, until, error }: BanResult): void {
  if (error) complain(invocation, `${address}: ${error.message}`);
  else
    print(
      invocation,
      `${invocation.options.observe ? 'observing' : 'banned'} ${address} ${until == null ? 'for ever' : `until ${until}`}`,
    );
}

/** Streams; with --json prints the events, one a line. */
async function fromInput(invocation: Invocation, wanted: BanTerms): Promise<number> {
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
