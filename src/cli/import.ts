import { createReadStream, fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { StreamEvent } from '../control/api.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { termsOf } from './ban.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';
import { formatOf, READ } from './formats/format.js';
import { linesOf } from './formats/read.js';
import { Progress } from './progress.js';

const command: Command = {
  summary: 'ban what a list says: one of dropset export, or of somebody else',
  usage: '[--format plain|json|csv] [--for TIME] [--reason TEXT] [--force] [--exact] [--json] [FILE | -]',
  help: `Bans what stands in FILE, or comes from standard input, and answers when the kernel drops all of it. A list of dropset export
brings each ban back with its jail, its reason and the time that is left; bans that have ended meanwhile are passed over. A ban
of an address that its jail has banned already takes that one's place. Nothing is held in memory: a list has no largest size.

  FILE            the list; - or none is standard input
  --format plain|json|csv
                  how it is written; default what it looks like. plain: one address or prefix a line, and behind a space, ; or #
                  anything; json: objects as of dropset export, in an array or one behind the other; csv: a line of column
                  names, address and any of jail, reason, since, until, scope
  --for TIME      how long, in place of what the list says: 90 (seconds), 10m, 7d, never; from now
  --reason TEXT   in place of what the list says
  --force         ban also what would cut you or the machine off: see dropset ban
  --exact         with --for: all end together; otherwise those behind the first 5,000 end up to a twentieth of the time
                  later, an hour at most, so that a million do not end in one second
  --json          print the service's events: one object a line, a sum at the end
  --socket PATH   the service's socket

Bans without a time never end, and those without a jail are by hand. Exit codes: 0 all are banned, 1 some were refused, each
with a sentence, or the list was given up, 2 wrong usage.

Examples:
  dropset import bans.json
  dropset import --for 1d --reason 'spamhaus drop' drop.txt
  ssh other dropset export | dropset import`,
  options: {
    ...JSON_OPTION,
    format: { type: 'string' },
    for: { type: 'string' },
    reason: { type: 'string' },
    force: { type: 'boolean' },
    exact: { type: 'boolean' },
  },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 1) throw new UsageError(`import takes one FILE: '${words[1]}' is one too many`);
    const format = options.format === undefined ? undefined : formatOf(String(options.format), READ);
    const wanted = { ...termsOf(invocation), ...(options.exact && { exact: 'true' as const }) };
    const list = await openList(words[0] ?? '-', invocation.stdin as Readable);
    const lines = Readable.from(linesOf(list.bytes, format), { objectMode: false });
    try {
      return await told(invocation, invocation.client.importStream(lines, wanted), list);
    } finally {
      list.bytes.destroy();
    }
  },
};

export default command;

interface List {
  readonly bytes: Readable;
  /** How much of it has been read, from 0 to 1; undefined where its size is not known. */
  part(): number | undefined;
}

async function openList(path: string, stdin: Readable): Promise<List> {
  if (path === '-') return { bytes: stdin, part: () => undefined };
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (thrown) {
    throw new DropsetError('source', `reading ${path}: ${messageOf(thrown)}; name a file, or - for standard input`);
  }
  const size = fstatSync(file.fd).size;
  const bytes = createReadStream(path, { fd: file });
  return { bytes, part: () => (size > 0 ? bytes.bytesRead / size : undefined) };
}

async function told(invocation: Invocation, events: AsyncIterable<StreamEvent>, list: List): Promise<number> {
  const progress = new Progress(invocation, () => performance.now(), 'bans');
  let failed = true;
  for await (const event of events) {
    if (invocation.options.json) print(invocation, JSON.stringify(event));
    if ('refused' in event) {
      progress.clear();
      if (!invocation.options.json) refuse(invocation, event.refused);
    } else if (event.done) {
      progress.clear();
      failed = event.refusals > 0;
      if (!invocation.options.json) print(invocation, sum(event));
    } else progress.tell(event.banned, list.part());
  }
  return failed ? FAILED : DONE;
}

type Refused = Extract<StreamEvent, { refused: unknown }>['refused'];

function refuse(invocation: Invocation, { line, address, error }: Refused): void {
  complain(invocation, `${line}: ${address === '' ? '' : `${address}: `}${error.message}`);
}

const sum = ({ banned, refusals, ended }: Extract<StreamEvent, { done: boolean }>): string =>
  `banned ${banned}, refused ${refusals}${ended ? `, ended already ${ended}` : ''}`;
