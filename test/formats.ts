import type { Entry, Reader } from '../src/cli/formats/read.js';

/** All that a reader makes of text that comes in these parts. */
export async function entriesOf(read: Reader, ...parts: string[]): Promise<Entry[]> {
  async function* text() {
    yield* parts;
  }
  const found: Entry[] = [];
  for await (const entries of read(text())) found.push(...entries);
  return found;
}

/** The same as number and ban. */
export const bansOf = async (read: Reader, ...parts: string[]): Promise<[number, unknown][]> =>
  (await entriesOf(read, ...parts)).map(({ number, text }) => [number, JSON.parse(text)]);

/** Text in parts of every size. */
export function* cut(text: string): Generator<string[]> {
  for (let size = 1; size <= text.length; size++) yield text.match(new RegExp(`[^]{1,${size}}`, 'gu')) as string[];
}
