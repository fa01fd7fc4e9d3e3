import { isComment } from './format.js';
import { splitLines } from './lines.js';
import type { Entry } from './read.js';

/**
 * One address a line, in quotes or not; what follows it behind a space, a comma, `;` or `#` is passed over, and so is a line that begins with one of the
 * last two. So it reads CSV without names of columns too, where the address comes first.
 */
export async function* readPlain(text: AsyncIterable<string>): AsyncGenerator<readonly Entry[]> {
  for await (const lines of splitLines(text)) {
    yield lines.flatMap(({ number, text: line }) => {
      if (isComment(line)) return [];
      const address = (line.trim().split(/[\s,;#]/, 1)[0] as string).replace(/^(["'])(.*)\1$/, '$2');
      return [{ number, text: JSON.stringify({ address }) }];
    });
  }
}
