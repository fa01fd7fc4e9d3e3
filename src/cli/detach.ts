import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';
import { DEFAULT_CONFIG } from './default-config.js';

const detach: Command = {
  summary: 'take away from the kernel what a stopped service left dropping',
  usage: '[--config FILE] [--json]',
  help: `Bans go on dropping when the service stops. This takes them out of the kernel, and out of files: the table of nftables, the XDP
program with its pinned maps and links, blackhole routes and the rules that ask them, the lines of each [denyfile.NAME].
The ledger keeps the bans, and the next start writes them again.

  --config FILE   the configuration, which names the backends; default ${DEFAULT_CONFIG}
  --json          {"detached": "..."}

Example:
  systemctl stop dropset && dropset detach`,
  options: { config: { type: 'string' }, ...JSON_OPTION },

  async run(invocation) {
    const { words, options, socket, environment } = invocation;
    if (words.length > 0) throw new UsageError(`detach takes no '${words[0]}'`);
    const [{ loadSettings }, daemon] = await Promise.all([
      import('../config/config.js'),
      import('../daemon/detach.js'),
    ]);
    const settings = loadSettings((options.config as string | undefined) ?? DEFAULT_CONFIG);
    const service = { ...settings.service, ...(socket !== undefined && { socket }) };
    const detached = await daemon.detach({ ...settings, service, environment });
    print(invocation, options.json ? JSON.stringify({ detached }) : detached);
    return DONE;
  },
};

export default detach;
