/** Characters that a line may have; what is longer is cut. No ban is as long. */
export const LONGEST_LINE = 16_384;

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  /** Without its line feed. */
  readonly text: string;
}

/** Lines of text as it comes, in groups of those that came together. */
export async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<readonly NumberedLine[]> {
  let rest = '';
  let number = 0;
  for await (const part of text) {
    const pieces = (rest + part).split('\n');
    rest = (pieces.pop() as string).slice(0, LONGEST_LINE);
    yield pieces.map((piece) => ({ number: ++number, text: piece.slice(0, LONGEST_LINE) }));
  }
  if (rest !== '') yield [{ number: number + 1, text: rest }];
}
