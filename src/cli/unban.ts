import type { UnbanResult } from '../control/api.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';

const unban: Command = {
  summary: 'lift bans',
  usage: '[--json] ADDRESS... | --all',
  help: `Lifts all bans of the addresses given, of whatever jail. One that is not banned is no error.

  --all           lift every ban there is
  --json          print the answer as JSON
  --socket PATH   the service's socket

Examples:
  dropset unban 192.0.2.7
  dropset unban --all`,
  options: { ...JSON_OPTION, all: { type: 'boolean' } },

  async run(invocation) {
    const { words, options, client } = invocation;
    if (options.all && words.length > 0) throw new UsageError('--all lifts every ban: give no addresses beside it');
    if (!options.all && words.length === 0) throw new UsageError('unban needs an address, or --all');
    if (options.all) {
      const lifted = await client.unbanAll();
      print(invocation, options.json ? JSON.stringify({ lifted }) : `unbanned all: ${lifted}`);
      return DONE;
    }
    const results = await client.unban(words);
    if (options.json) print(invocation, JSON.stringify(results));
    else for (const result of results) tell(invocation, result);
    return results.some(({ error }) => error) ? FAILED : DONE;
  },
};

export default unban;

function tell(invocation: Invocation, { address, lifted, error }: UnbanResult): void {
  if (error) complain(invocation, `${address}: ${error.message}`);
  else print(invocation, lifted > 0 ? `unbanned ${address}` : `${address} was not banned`);
}
