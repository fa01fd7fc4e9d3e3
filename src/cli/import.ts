import { createReadStream, fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { StreamEvent, StreamTerms } from '../control/api.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { termsOf } from './ban.js';
import { type Command, complain, DONE, FAILED, type Invocation, JSON_OPTION, print, UsageError } from './command.js';
import { formatOf, READ } from './formats/format.js';
import { linesOf } from './formats/read.js';
import { Progress } from './progress.js';

const command: Command = {
  summary: 'ban what a list says: one of dropset export, or of somebody else',
  usage: '[--source NAME [--replace]] [--for TIME] [--format plain|json|csv] [OPTION]... [FILE | -]',
  help: `Bans what stands in FILE, or comes from standard input, and answers when the kernel drops all of it. A list of dropset export
brings each ban back with its jail, its reason and the time that is left; bans that have ended meanwhile are passed over. A ban
of an address that its jail has banned already takes that one's place. Nothing is held in memory: a list has no largest size.

  FILE            the list; - or none is standard input
  --source NAME   the list's name: its bans belong to the jail list.NAME, count for no escalation, and are in no report of
                  offenders; it may be imported again and again
  --replace       what an earlier list of the same source named, and this one does not, is lifted at the end, if the list came
                  whole; but not if it names nobody any more, or less than half
  --shrink        with --replace: then too
  --format plain|json|csv
                  how it is written; default what it looks like. plain: one address or prefix a line, and behind a space, comma,
                  ; or # anything; json: objects as of dropset export, in an array or one behind the other, or a report; csv: a
                  line of column names, address (or ip, cidr, network, ...) and any of jail, reason, since, until, scope
  --for TIME      how long, in place of what the list says: 90 (seconds), 10m, 7d, never; from now
  --reason TEXT   in place of what the list says
  --force         ban also what would cut you or the machine off, and prefixes wider than [guard] allows (/16 and /32): see
                  dropset ban; what is never banned is refused all the same
  --exact         with --for: all end together; otherwise those behind the first 5,000 end up to a twentieth of the time
                  later, an hour at most, so that a million do not end in one second
  --json          print the service's events: one object a line, a sum at the end
  --socket PATH   the service's socket

Bans without a time never end, and those without a jail are by hand. Exit codes: 0 all are banned, 1 some were refused, each
with a sentence, or the list was given up, 2 wrong usage.

Examples:
  dropset import bans.json
  curl -fsS https://example.org/drop.txt | dropset import --source drop --replace --for 2d
  ssh other dropset export | dropset import`,
  options: {
    ...JSON_OPTION,
    format: { type: 'string' },
    source: { type: 'string' },
    replace: { type: 'boolean' },
    shrink: { type: 'boolean' },
    for: { type: 'string' },
    reason: { type: 'string' },
    force: { type: 'boolean' },
    exact: { type: 'boolean' },
  },

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 1) throw new UsageError(`import takes one FILE: '${words[1]}' is one too many`);
    const format = options.format === undefined ? undefined : formatOf(String(options.format), READ);
    const wanted = { ...termsOf(invocation), ...listTermsOf(options) };
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

/** What is said of the list as a whole. @throws UsageError */
function listTermsOf({ exact, source, replace, shrink }: Invocation['options']): Partial<StreamTerms> {
  if (replace && source === undefined) throw new UsageError('--replace needs --source: whose earlier list is replaced');
  if (shrink && !replace) throw new UsageError('--shrink is for --replace');
  return {
    ...(source !== undefined && { source: String(source) }),
    ...(exact && { exact: 'true' }),
    ...(replace && { replace: 'true' }),
    ...(shrink && { shrink: 'true' }),
  };
}

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
    if ('refused' in event || event.done) progress.clear();
    if (invocation.options.json) print(invocation, JSON.stringify(event));
    else tell(invocation, event);
    if ('refused' in event) continue;
    if (event.done) failed = event.refusals > 0 || event.kept !== undefined;
    else progress.tell(event.banned, list.part());
  }
  return failed ? FAILED : DONE;
}

function tell(invocation: Invocation, event: StreamEvent): void {
  if ('refused' in event) refuse(invocation, event.refused);
  else if (event.done) {
    print(invocation, sum(event));
    if (event.kept !== undefined) complain(invocation, event.kept);
  }
}

type Refused = Extract<StreamEvent, { refused: unknown }>['refused'];

function refuse(invocation: Invocation, { line, address, error }: Refused): void {
  complain(invocation, `${line}: ${address === '' ? '' : `${address}: `}${error.message}`);
}

const sum = ({ banned, refusals, ended, lifted }: Extract<StreamEvent, { done: boolean }>): string =>
  `banned ${banned}, refused ${refusals}${ended ? `, ended already ${ended}` : ''}${lifted === undefined ? '' : `, lifted ${lifted}`}`;
