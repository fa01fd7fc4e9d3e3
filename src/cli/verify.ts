import type { VerifyProgress } from '../control/api.js';
import { printable } from '../model/printable.js';
import { type Command, complain, DONE, FAILED, JSON_OPTION, print, UsageError } from './command.js';

const verify: Command = {
  summary: 'compare what the kernel holds with the ledger, all of it',
  usage: '[--json]',
  help: `Looks up every element of the ledger in the kernel, checks the table, its hook and its rules, and repairs what differs. The
service does the same with a sample by itself ([service] audit). Exit code 0: nothing differed; 1: something did, and was repaired.

  --json          {checked, of, differed, repaired, faults, examples, done}
  --socket PATH   the service's socket

Example:
  dropset verify || dropset status`,
  options: JSON_OPTION,

  async run(invocation) {
    if (invocation.words.length > 0) throw new UsageError(`verify takes no '${invocation.words[0]}'`);
    const { stderr, client, options } = invocation;
    let last: VerifyProgress | undefined;
    for await (const progress of client.verify()) {
      last = progress;
      if (stderr.isTTY) stderr.write(`\r\u001b[K${progress.checked} of ${progress.of} compared ...`);
    }
    if (stderr.isTTY) stderr.write('\r\u001b[K');
    const found = last as VerifyProgress;
    if (options.json) print(invocation, JSON.stringify(found));
    else for (const line of told(found)) print(invocation, line);
    const { differed, repaired } = found;
    if (repaired < differed) complain(invocation, `${differed - repaired} could not be repaired: see dropset status`);
    return differed > 0 || found.faults.length > 0 ? FAILED : DONE;
  },
};

export default verify;

function told({ checked, differed, repaired, faults, examples }: VerifyProgress): string[] {
  const wrong = faults.map((fault) => `${printable(fault)}: repaired`);
  if (differed === 0) return [...wrong, `compared ${checked} elements: the kernel holds what the ledger says`];
  return [
    ...wrong,
    `compared ${checked} elements: ${differed} differed, ${repaired} were repaired`,
    ...examples.map((example) => `  ${printable(example)}`),
  ];
}
