import type { Readable } from 'node:stream';
import type { Chunk } from './chunk.js';
import { Gathering } from './gathering.js';
import { JournalReader } from './journal-reader.js';
import type { StreamOptions } from './stream.js';
import { UtmpDecoder } from './utmp-decoder.js';
import { lineOf } from './utmp-line.js';

const NEWLINE = Buffer.from('\n');

/**
 * What `journalctl -o json` printed, to its end, in lines as `followJournal` makes them. What is no entry is left out and told.
 *
 * @param name as an operator would call it. @throws what the stream fails with.
 */
export async function* readJournalExport(
  readable: Readable,
  name: string,
  options: StreamOptions = {},
): AsyncGenerator<Chunk> {
  const { maxLine = 65_536, onEvent = () => undefined } = options;
  const reader = new JournalReader({ source: name, maxLine, onEvent, cursor: undefined });
  for await (const bytes of ended(readable)) {
    const chunk = reader.read(bytes);
    if (!chunk) continue;
    // Its position is one in the journal, which nobody reads here.
    const { position: _, ...bare } = chunk;
    yield bare;
  }
}

/** The last record may lack its newline. */
async function* ended(readable: Readable): AsyncGenerator<Buffer> {
  let last: number | undefined;
  for await (const bytes of readable) {
    last = (bytes as Buffer).at(-1) ?? last;
    yield Buffer.from(bytes);
  }
  if (last !== undefined && last !== NEWLINE[0]) yield NEWLINE;
}

/** The records of a btmp file to its end, in lines as `followUtmp` makes them. @throws what the stream fails with. */
export async function* readLoginRecords(readable: Readable, name: string): AsyncGenerator<Chunk> {
  const decoder = new UtmpDecoder();
  // 32 bytes of user and terminal, each of them four characters long at most, are far from any limit.
  const gathering = new Gathering(name, 1024, () => undefined);
  for await (const bytes of readable) {
    for (const record of decoder.push(Buffer.from(bytes))) {
      const line = lineOf(record, 'btmp');
      if (line !== undefined) gathering.add(Buffer.from(line, 'latin1'), record.time);
    }
    const chunk = gathering.take();
    if (chunk) yield chunk;
  }
}
