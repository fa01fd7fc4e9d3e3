import { printable } from '../model/printable.js';
import { sentencesOf } from '../model/reload-report.js';
import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';

const reload: Command = {
  summary: 'have the service read its configuration anew, without a gap',
  usage: '[--json]',
  help: `Has the service read the file that it was started with, and what that names, and puts the differences in force:
bans go on dropping, logs are read on where they are, and jails that are the same are not touched. What needs a
restart is named, and the rest holds. With a fault everything stays as it was. SIGHUP does the same.

  --json          {jails: {added, removed, changed, unchanged}, never: {added, removed}, lifted, settings,
                  restart, notes}
  --socket PATH   the service's socket

Exit codes: 0 the new configuration is in force, 1 it has faults and the one before stays, 2 wrong usage.

Examples:
  dropset reload
  dropset config check && dropset reload --json | jq .restart`,
  options: JSON_OPTION,

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`reload takes no '${invocation.words[0]}'`);
    const report = await invocation.client.reload();
    const lines = [...sentencesOf(report), ...report.notes.map((note) => `note: ${note}`)];
    print(invocation, invocation.options.json ? JSON.stringify(report) : lines.map(printable).join('\n'));
    return DONE;
  },
};

export default reload;
