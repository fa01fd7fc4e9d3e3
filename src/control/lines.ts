import { StringDecoder } from 'node:string_decoder';

/**
 * Lines of a body as they come, in groups of those that came together. Longer lines are cut: they are no address and no JSON
 * anyway.
 *
 * @param longest characters.
 */
export async function* lines(request: AsyncIterable<Buffer>, longest: number): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const part of request) {
    const pieces = (rest + decoder.write(part)).split('\n');
    rest = (pieces.pop() as string).slice(0, longest);
    if (pieces.length > 0) yield pieces.map((piece) => piece.slice(0, longest));
  }
  if (rest !== '') yield [rest];
}
