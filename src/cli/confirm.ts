import type { Confirmation } from '../control/api.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';

const confirm: Command = {
  summary: 'let bans and a configuration stay that wait to be confirmed',
  usage: '[--json]',
  help: `Lets every ban of dropset ban --confirm-within stay as it was meant: for its own time, or for ever. Those whose time is
over, or that were lifted meanwhile, stay away. Lets the configuration of dropset reload --confirm-within stay in force,
and lifts the bans that its never-rules cover. Exit codes: 0 all stay, 1 nothing waits or the kernel refused one, 2 wrong
usage.

  --json          print the answer as JSON
  --socket PATH   the service's socket

Examples:
  dropset ban 203.0.113.0/24 --confirm-within 60s && sleep 5 && dropset confirm
  dropset reload --confirm-within 60s && sleep 5 && dropset confirm`,
  options: JSON_OPTION,

  async run(invocation) {
    const { words, options, client } = invocation;
    if (words.length > 0) throw new UsageError(`confirm takes no '${words[0]}'`);
    const confirmation = await client.confirm();
    if (options.json) print(invocation, JSON.stringify(confirmation));
    else tell(invocation, confirmation);
    return confirmation.results.some(({ error }) => error) ? FAILED : DONE;
  },
};

export default confirm;

function tell(invocation: Invocation, { results, configuration }: Confirmation): void {
  if (configuration) print(invocation, 'confirmed: the configuration stays in force');
  for (const { address, until, error } of results) {
    if (error) complain(invocation, `${address}: ${error.message}`);
    else print(invocation, `confirmed ${address}: banned ${until == null ? 'for ever' : `until ${until}`}`);
  }
}
