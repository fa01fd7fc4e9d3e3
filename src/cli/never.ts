import type { NeverReport } from '../control/api.js';
import { printable } from '../model/printable.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';
import { table } from './table.js';

const never: Command = {
  summary: 'show who is never banned, and what the lockout guard protects',
  usage: '[--json]',
  help: `Lists the never-list as it is now: each entry, where it stands, what a name resolves to and since when; then the login
names whose failures do not count, and what no ban may cut unless it is forced: the machine's own addresses, default
gateways, resolvers, and sessions on protected ports. The list is changed in the configuration, or in the files that it
names: docs/safety.md.

  --json          one object {entries: [{entry, from, addresses, since, fault}], users, guard: {ports, widest, own, gateways,
                  resolvers, sessions: [{address, port, user}]}}
  --socket PATH   the service's socket

Example:
  dropset never --json | jq -r '.entries[] | select(.fault) | .entry'`,
  options: JSON_OPTION,

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`never takes no '${invocation.words[0]}'`);
    const report = await invocation.client.never();
    if (invocation.options.json) print(invocation, JSON.stringify(report));
    else for (const line of shown(report)) print(invocation, line);
    return DONE;
  },
};

export default never;

function shown({ entries, users, guard }: NeverReport): string[] {
  const rows = entries.map(({ entry, from, addresses, since, fault }) => [
    printable(entry),
    printable(from),
    since.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    [...(addresses[0] === entry ? [] : addresses), ...(fault === null ? [] : [`(${printable(fault)})`])].join(' '),
  ]);
  return [
    ...(rows.length === 0
      ? ['no never-rules but the built-in ones']
      : table([['ENTRY', 'FROM', 'SINCE', 'IS'], ...rows])),
    ...(users.length === 0 ? [] : [`good users: ${users.map(printable).join(', ')}`]),
    ...guardLines(guard),
  ];
}

function guardLines({ ports, widest, own, gateways, resolvers, sessions }: NeverReport['guard']): string[] {
  const line = (what: string, all: readonly string[]): string[] =>
    all.length === 0 ? [] : [`  ${what}: ${[...new Set(all)].join(', ')}`];
  return [
    'not banned unless it is forced:',
    ...line('own addresses', own),
    ...line('default gateways', gateways),
    ...line('resolvers', resolvers),
    ...line(
      `sessions on port ${ports.join(', ')}`,
      sessions.map(({ address, user }) => (user === null ? address : `${address} (${printable(user)})`)),
    ),
    `  prefixes wider than /${widest.ipv4} of IPv4 and /${widest.ipv6} of IPv6`,
  ];
}
