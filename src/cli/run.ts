import type { Config } from '../config/config.js';
import { type Command, DONE, UsageError } from './command.js';
import { DEFAULT_CONFIG } from './default-config.js';

/** The descriptor of standard error. */
const STDERR = 2;

const run: Command = {
  summary: 'start the service: follow logs and ban',
  usage: '[--config FILE] [--dry-run] [--socket PATH]',
  help: `Follows the logs that the configuration names and has the kernel drop who fails too often. Runs in the foreground
until SIGTERM or SIGINT; bans stand when it stops. SIGHUP has it read the configuration anew, as dropset reload does.

  --config FILE   the configuration; default ${DEFAULT_CONFIG}
  --dry-run       judge and report, but drop nothing and write no ledger
  --socket PATH   listen there instead of where the configuration says

Examples:
  dropset run
  dropset run --config ./dropset.toml --dry-run --socket /tmp/dropset.sock`,
  options: { config: { type: 'string' }, 'dry-run': { type: 'boolean' } },

  async run({ words, options, socket, stderr, environment }) {
    if (words.length > 0) throw new UsageError(`run takes no '${words[0]}'`);
    const [{ loadConfig, parseConfig }, { runDaemon }, { isJournal, logTo }, { startingWith }] = await Promise.all([
      import('../config/config.js'),
      import('../daemon/run.js'),
      import('../daemon/log.js'),
      import('../daemon/trial-file.js'),
    ]);
    const path = (options.config as string | undefined) ?? DEFAULT_CONFIG;
    const listening = (config: Config): Config =>
      socket === undefined ? config : { ...config, service: { ...config.service, socket } };
    const load = (): Config => listening(loadConfig(path));
    const starting = startingWith(load(), (text) => listening(parseConfig(text, path)));
    const log = logTo(stderr, starting.config.log, isJournal(STDERR, environment));
    await runDaemon({ ...starting, load, dryRun: options['dry-run'] === true, log, environment });
    return DONE;
  },
};

export default run;
