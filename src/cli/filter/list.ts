import { type Listed, listFilters } from '../../inspection/catalogue.js';
import { lookupDirectories } from '../../inspection/directories.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from '../command.js';
import { type Style, styleOf } from '../style.js';
import { table } from '../table.js';

const list: Command = {
  summary: 'show the filters that can be named',
  usage: '[--filter-dir DIR] [--json]',
  help: `Prints every filter by its name, as it is without options: how many failregexes it has, which engine searches for its
expressions, the worst of their risks, and its file.

  --filter-dir DIR    look there and nowhere else: a fail2ban tree (/etc/fail2ban), or a folder such as its filter.d;
                      default /etc/dropset/filter.d, dropset's own, /etc/fail2ban/filter.d: the first that has a name wins
  --json              one array of {name, path, failregex, engines, risk, fault}; fault is null for one that can be used

Engines: v8 is the fast one. linear is slower, and takes no longer than the product of the lengths of expression and line;
it searches where v8 might take for ever. backtracking is for the rare expressions that neither understands.

Examples:
  dropset filter list
  dropset filter list --filter-dir /etc/fail2ban --json | jq -r '.[] | select(.fault) | .name'`,
  options: { ...JSON_OPTION, 'filter-dir': { type: 'string' } },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 0) throw new UsageError(`filter list takes no '${words[0]}'`);
    const listed = [...listFilters(lookupDirectories(options['filter-dir'] as string | undefined))];
    if (options.json) print(invocation, JSON.stringify(listed));
    else print(invocation, shown(listed, styleOf(invocation)).join('\n'));
    return DONE;
  },
};

export default list;

function shown(listed: readonly Listed[], { strong, doubtful, bad }: Style): string[] {
  if (listed.length === 0) return ['there is no filter'];
  const rows = listed.map(({ name, failregex, engines, risk, path, fault }) => [
    name,
    fault === null ? `${failregex}` : '-',
    Object.entries(engines)
      .map(([engine, count]) => `${engine} ${count}`)
      .join(', '),
    risk,
    fault === null ? path : `${path}: cannot be used, see dropset filter check ${name}`,
  ]);
  const lines = table([['NAME', 'FAILREGEX', 'ENGINES', 'RISK', 'FILE'], ...rows], ['left', 'right']);
  return lines.map((line, row) => {
    const one = listed[row - 1];
    if (!one) return strong(line);
    if (one.fault !== null) return bad(line);
    return one.risk === 'exponential' ? doubtful(line) : line;
  });
}
