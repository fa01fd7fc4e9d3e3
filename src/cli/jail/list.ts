import { type Command, DONE, type Invocation, JSON_OPTION, print, UsageError } from '../command.js';
import { DEFAULT_CONFIG } from '../default-config.js';
import { styleOf } from '../style.js';
import { linesOf } from './lines.js';

const list: Command = {
  summary: 'show what would run: jails, what they read, when they ban',
  usage: '[--config FILE | --stock] [--json]',
  help: `Reads the configuration as dropset run does, with the fail2ban tree that it may name, and prints the jails that would run.
No service is needed; dropset status tells of a service that runs.

  --config FILE   the configuration; default ${DEFAULT_CONFIG}
  --stock         the presets that come with dropset, which a section enables by its line preset = "NAME"; no
                  configuration is read
  --json          one object {jails: [{name, origin, preset, filter, sources, maxretry, findtime, bantime, escalation,
                  extends, siege, prefix, scope, ignoreip, ignoreself, trusted_proxies, backends,
                  log}], notes}; times in seconds, a bantime of null is for ever. With --stock one array of {name,
                  summary, filter, logpath, journalmatch, btmp, maxretry, findtime, bantime, proxied}

Notes at the end say what somebody may expect and dropset does not do: a jail that is left out, an action that is not run.

Examples:
  dropset jail list
  dropset jail list --stock
  dropset jail list --json | jq -r '.jails[] | select(.sources[].files == 0) | .name'`,
  options: { ...JSON_OPTION, config: { type: 'string' }, stock: { type: 'boolean' } },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 0) throw new UsageError(`jail list takes no '${words[0]}'`);
    if (options.stock) return stock(invocation);
    const [{ loadConfig }, { overviewOf }] = await Promise.all([
      import('../../config/config.js'),
      import('../../inspection/jails.js'),
    ]);
    const config = loadConfig((options.config as string | undefined) ?? DEFAULT_CONFIG);
    const jails = overviewOf(config);
    if (options.json) print(invocation, JSON.stringify({ jails, notes: config.notes }));
    else print(invocation, linesOf(jails, config.notes, styleOf(invocation)).join('\n'));
    return DONE;
  },
};

export default list;

async function stock(invocation: Invocation): Promise<number> {
  const { options } = invocation;
  if (options.config !== undefined)
    throw new UsageError('jail list --stock reads no configuration; leave --config out');
  const { stockJson, stockLines } = await import('./stock.js');
  print(invocation, options.json ? JSON.stringify(stockJson()) : stockLines(styleOf(invocation)).join('\n'));
  return DONE;
}
