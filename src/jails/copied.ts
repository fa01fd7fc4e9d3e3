/** A copy of at most so many characters: V8's slice would keep the whole line that a text is a piece of. */
export const copied = (text: string, longest: number): string =>
  Buffer.from(text.slice(0, longest), 'utf16le').toString('utf16le');
