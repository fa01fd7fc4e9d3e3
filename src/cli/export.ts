import type { ListedBan } from '../control/api.js';
import { type Command, DONE, type Invocation, JSON_OPTION, UsageError } from './command.js';
import { formatOf, WRITTEN } from './formats/format.js';
import { written } from './formats/write.js';
import { FILTER_OPTIONS, filterOf } from './list-filter.js';
import { Progress } from './progress.js';
import { isReport, REPORT_OPTIONS, writeReport } from './report/report.js';
import { write } from './write.js';

const FORMATS = [...WRITTEN, 'html', 'text'] as const;

const command: Command = {
  summary: 'write down the bans, for import, other programs, nft; or the worst offenders, as a page',
  usage: '[--format plain|json|csv|nft|html|text] [--since TIME] [OPTION]...',
  help: `Writes every live ban to standard output, as it comes: a million of them take no memory. Or the worst offenders: html and
text always, json and csv where --since is given.

The worst offenders are those with the most bans, live ones and those that are over, as far as [service] history goes back.
Eight of a /24 are told as one network, wider ones where half of them is so; of IPv6 two of a /64, eight /64s of a /56 or
/56s of a /48. This machine's addresses, gateways and resolvers, who is logged in, and the never-list are left out, and so
are bans of imported lists (--jail list.NAME has those).

  --format plain|json|csv|nft|html|text
                  how; of bans plain: addresses, one a line; json (default): an array of {address, jail, reason, since, until,
                  scope}, each on a line of its own; csv: the same behind a line of column names; nft: a script for nft -f. Of
                  offenders html: a page without scripts that stands by itself; text: a table; json: an object, see
                  OffenderReport in docs/openapi.json; csv: address, offenders, bans, jails, first, last, banned
  --since TIME    within this time (1h, 30d), or since then (2026-01-31, 2026-01-31T12:00:00Z): of offenders whom a jail banned
                  then or later, 30d where it is not given; with plain and nft bans that began then or later
  --jail NAME     bans of this jail alone; manual is for those by hand
  --prefix PREFIX bans that cover this address or prefix, and those that it covers
  --limit N       so many lines of offenders, 10000 at most; default 100
  --title TEXT    what the offenders' page is called
  --no-fold       each offender by itself
  --json          the same as --format json
  --socket PATH   the service's socket

Examples:
  dropset export > bans.json
  dropset export --format plain --jail sshd | sort -u
  dropset export --format nft | nft -f -
  dropset export --format html --since 30d --title 'Attacks on example.org' > /var/www/html/attacks.html
  dropset export --format csv --since 7d --limit 1000 > offenders.csv`,
  options: { ...JSON_OPTION, format: { type: 'string' }, ...FILTER_OPTIONS, ...REPORT_OPTIONS },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 0) throw new UsageError(`export takes no '${words[0]}'`);
    if (options.json && (options.format ?? 'json') !== 'json') throw new UsageError('--json is --format json');
    const format = formatOf(String(options.format ?? 'json'), FORMATS);
    if (isReport(format, options.since)) {
      await writeReport(invocation, format);
      return DONE;
    }
    for (const name of ['limit', 'title', 'no-fold']) {
      if (options[name] === undefined) continue;
      throw new UsageError(`--${name} is for offenders: --format html or text, or json or csv with --since`);
    }
    await writeBans(invocation, formatOf(format, WRITTEN));
    return DONE;
  },
};

export default command;

async function writeBans(invocation: Invocation, format: (typeof WRITTEN)[number]): Promise<void> {
  const progress = new Progress(invocation, () => performance.now(), 'bans');
  const bans = counted(invocation.client.bans({ ...filterOf(invocation, Date.now()), counters: 'no' }), (count) =>
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
}

async function* counted(bans: AsyncIterable<ListedBan>, tell: (count: number) => void): AsyncGenerator<ListedBan> {
  let count = 0;
  for await (const ban of bans) {
    yield ban;
    if (++count % 1000 === 0) tell(count);
  }
}
