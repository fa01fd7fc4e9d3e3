import type { ListedBan } from '../control/api.js';
import { printable } from '../model/printable.js';
import { type Command, DONE, type Invocation, JSON_OPTION, print, UsageError } from './command.js';
import { FILTER_HELP, FILTER_OPTIONS, filterOf } from './list-filter.js';
import { write } from './write.js';

const list: Command = {
  summary: 'show who is banned, why, until when, and what was dropped',
  usage: '[--jail NAME] [--prefix PREFIX] [--since TIME] [--json]',
  help: `Prints every live ban, the oldest first, or those that all of the options hold for.

${FILTER_HELP}
  --json          one array of {address, jail, reason, since, until, scope, packets, bytes, folded}
  --socket PATH   the service's socket

Examples:
  dropset list
  dropset list --jail sshd --since 1h
  dropset list --prefix 192.0.2.7
  dropset list --json | jq '.[] | select(.packets > 1000) | .address'`,
  options: { ...JSON_OPTION, ...FILTER_OPTIONS },

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`list takes no '${invocation.words[0]}'`);
    const bans = invocation.client.bans(filterOf(invocation, Date.now()));
    if (invocation.options.json) await asJson(invocation, bans);
    else await asTable(invocation, bans);
    return DONE;
  },
};

export default list;

async function asJson(invocation: Invocation, bans: AsyncIterable<ListedBan>): Promise<void> {
  let before = '[';
  for await (const ban of bans) {
    await write(invocation, `${before}\n${JSON.stringify(ban)}`);
    before = ',';
  }
  await write(invocation, before === '[' ? '[]\n' : '\n]\n');
}

const row = (address: string, jail: string, until: string, packets: string, bytes: string, reason: string): string =>
  `${address.padEnd(20)} ${jail.padEnd(12)} ${until.padEnd(20)} ${packets.padStart(9)} ${bytes.padStart(11)}  ${reason}`;

async function asTable(invocation: Invocation, bans: AsyncIterable<ListedBan>): Promise<void> {
  let any = false;
  for await (const ban of bans) {
    if (!any) await write(invocation, `${row('ADDRESS', 'JAIL', 'UNTIL', 'PACKETS', 'BYTES', 'REASON')}\n`);
    any = true;
    await write(invocation, `${line(ban)}\n`);
  }
  const { jail, prefix, since } = invocation.options;
  if (!any) print(invocation, (jail ?? prefix ?? since) ? 'no ban is as asked for' : 'nobody is banned');
}

/** Before the reason, where it is not about all packets: a column of its own would be empty for most. */
function aboutText(scope: string): string {
  if (scope === 'all') return '';
  const ports = scope.replace(/^observe ?/, '');
  if (!scope.startsWith('observe')) return `[${ports}] `;
  return ports === '' ? '[observed, not dropped] ' : `[observed, not dropped: ${ports}] `;
}

function line({ address, jail, reason, until, scope, packets, bytes, folded }: ListedBan): string {
  const end = until === null ? 'never' : until.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const where = !folded ? '' : `folded into ${folded}${reason === '' ? '' : ': '}`;
  return row(
    address,
    jail,
    end,
    String(packets ?? '-'),
    String(bytes ?? '-'),
    aboutText(scope) + where + printable(reason),
  );
}
