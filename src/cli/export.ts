import type { ListedBan } from '../control/api.js';
import { type Command, DONE, JSON_OPTION, UsageError } from './command.js';
import { formatOf, WRITTEN } from './formats/format.js';
import { written } from './formats/write.js';
import { FILTER_HELP, FILTER_OPTIONS, filterOf } from './list-filter.js';
import { Progress } from './progress.js';
import { write } from './write.js';

const command: Command = {
  summary: 'write the bans down, for dropset import, for other programs, for nft',
  usage: '[--format plain|json|csv|nft] [--jail NAME] [--prefix PREFIX] [--since TIME]',
  help: `Writes every live ban to standard output, as it comes: a million of them take no memory.

  --format plain|json|csv|nft
                  how; plain: addresses, one a line; json (default): an array of {address, jail, reason, since, until, scope}, each
                  on a line of its own; csv: the same behind a line of column names; nft: a script for nft -f
${FILTER_HELP}
  --json          the same as --format json
  --socket PATH   the service's socket

Examples:
  dropset export > bans.json
  dropset export --format plain --jail sshd | sort -u
  dropset export --format nft | nft -f -`,
  options: { ...JSON_OPTION, format: { type: 'string' }, ...FILTER_OPTIONS },

  async run(invocation) {
    const { words, options, client } = invocation;
    if (words.length > 0) throw new UsageError(`export takes no '${words[0]}'`);
    if (options.json && (options.format ?? 'json') !== 'json') throw new UsageError('--json is --format json');
    const format = formatOf(String(options.format ?? 'json'), WRITTEN);
    const progress = new Progress(invocation, () => performance.now(), 'bans');
    const bans = counted(client.bans({ ...filterOf(invocation, Date.now()), counters: 'no' }), (count) =>
      progress.tell(count, undefined),
    );
    let text = '';
    for await (const piece of written(bans, format, Date.now)) {
      text += piece;
      if (text.length < 65_536) continue;
      await write(invocation, text);
      text = '';
    }
    progress.clear();
    await write(invocation, text);
    return DONE;
  },
};

export default command;

async function* counted(bans: AsyncIterable<ListedBan>, tell: (count: number) => void): AsyncGenerator<ListedBan> {
  let count = 0;
  for await (const ban of bans) {
    yield ban;
    if (++count % 1000 === 0) tell(count);
  }
}
