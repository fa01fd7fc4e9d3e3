import { splitLines } from './lines.js';
import type { Entry } from './read.js';

/** One address a line; what follows it behind a space, `;` or `#` is a comment, and so is a line that begins so. */
export async function* readPlain(text: AsyncIterable<string>): AsyncGenerator<readonly Entry[]> {
  for await (const lines of splitLines(text)) {
    yield lines.flatMap(({ number, text: line }) => {
      const address = line.trim().split(/[\s;#]/, 1)[0] as string;
      return address === '' ? [] : [{ number, text: JSON.stringify({ address }) }];
    });
  }
}
