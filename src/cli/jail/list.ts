import type { JailOverview } from '../../inspection/jails.js';
import { formatDuration } from '../../model/duration.js';
import { printable } from '../../model/printable.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from '../command.js';
import { DEFAULT_CONFIG } from '../default-config.js';
import { type Style, styleOf } from '../style.js';

const list: Command = {
  summary: 'show what would run: jails, what they read, when they ban',
  usage: '[--config FILE] [--json]',
  help: `Reads the configuration as dropset run does, with the fail2ban tree that it may name, and prints the jails that would run.
No service is needed; dropset status tells of a service that runs.

  --config FILE   the configuration; default ${DEFAULT_CONFIG}
  --json          one object {jails: [{name, origin, filter, sources, maxretry, findtime, bantime, scope, ignoreip,
                  ignoreself}], notes}; times in seconds, a bantime of null is for ever

Notes at the end say what somebody may expect and dropset does not do: a jail that is left out, an action that is not run.

Examples:
  dropset jail list
  dropset jail list --json | jq -r '.jails[] | select(.sources[].files == 0) | .name'`,
  options: { ...JSON_OPTION, config: { type: 'string' } },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 0) throw new UsageError(`jail list takes no '${words[0]}'`);
    const [{ loadConfig }, { overviewOf }] = await Promise.all([
      import('../../config/config.js'),
      import('../../inspection/jails.js'),
    ]);
    const config = loadConfig((options.config as string | undefined) ?? DEFAULT_CONFIG);
    const jails = overviewOf(config);
    if (options.json) print(invocation, JSON.stringify({ jails, notes: config.notes }));
    else print(invocation, shown(jails, config.notes, styleOf(invocation)).join('\n'));
    return DONE;
  },
};

export default list;

function shown(jails: readonly JailOverview[], notes: readonly string[], style: Style): string[] {
  return [
    ...(jails.length === 0 ? ['no jail would run'] : jails.flatMap((jail) => jailLines(jail, style))),
    ...notes.map((note) => `note: ${printable(note)}`),
  ];
}

function jailLines(jail: JailOverview, style: Style): string[] {
  const { name, origin, filter, maxretry, findtime, bantime, scope, ignoreip, ignoreself } = jail;
  const end = bantime === null ? 'for ever' : `for ${formatDuration(bantime * 1000)}`;
  const spared = [...ignoreip, ...(ignoreself ? ["the machine's own addresses"] : [])];
  return [
    `${style.strong(name)} (${origin})`,
    `  filter  ${printable(filter)}`,
    ...jail.sources.map(({ name: source, files }) => `  reads   ${printable(source)}${count(files, style)}`),
    `  bans    after ${maxretry} failures in ${formatDuration(findtime * 1000)}, ${end}, ${scope === 'all' ? 'all ports' : scope}`,
    `  spares  ${spared.length === 0 ? 'nobody' : printable(spared.join(', '))}`,
  ];
}

function count(files: number | undefined, { bad }: Style): string {
  if (files === undefined) return '';
  return ` (${files === 0 ? bad('no file now') : `${files} file${files === 1 ? '' : 's'} now`})`;
}
