import { printable } from '../model/printable.js';
import { sentencesOf } from '../model/reload-report.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';

const reload: Command = {
  summary: 'have the service read its configuration anew, without a gap',
  usage: '[--confirm-within TIME] [--json]',
  help: `Has the service read the file that it was started with, and what that names, and puts the differences in force:
bans go on dropping, logs are read on where they are, and jails that are the same are not touched. What needs a
restart is named, and the rest holds. With a fault everything stays as it was. SIGHUP does the same.

  --confirm-within TIME
                  after TIME, 1s to 1d, the configuration before is in force again, unless dropset confirm follows;
                  so it is after a restart or a reboot within the time. The file stays as it is
  --json          {jails: {added, removed, changed, unchanged}, never: {added, removed}, lifted, until,
                  settings, restart, notes}
  --socket PATH   the service's socket

Exit codes: 0 the new configuration is in force, 1 it has faults and the one before stays, 2 wrong usage.

Examples:
  dropset reload
  dropset reload --confirm-within 60s && sleep 5 && dropset confirm
  dropset config check && dropset reload --json | jq .restart`,
  options: { ...JSON_OPTION, 'confirm-within': { type: 'string' } },

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`reload takes no '${invocation.words[0]}'`);
    const report = await invocation.client.reload(invocation.options['confirm-within'] as string | undefined);
    const lines = [...sentencesOf(report), ...report.notes.map((note) => `note: ${note}`)];
    print(invocation, invocation.options.json ? JSON.stringify(report) : lines.map(printable).join('\n'));
    return DONE;
  },
};

export default reload;
