/**
 * The end of STRUCTURED-DATA (RFC 5424, 6.3) that begins at an offset: the offset of the space behind it, or the text's length;
 * undefined if it is none. One pass, whatever it holds; what its elements mean does not matter here.
 */
export function structuredEnd(text: string, start: number): number | undefined {
  let at = start;
  if (text[at] === '-') at += 1;
  else {
    if (text[at] !== '[') return undefined;
    while (text[at] === '[') {
      const end = elementEnd(text, at);
      if (end === undefined) return undefined;
      at = end;
    }
  }
  return at === text.length || text[at] === ' ' ? at : undefined;
}

/** Behind the bracket that closes an element. In a quoted value, brackets are only characters, and a backslash escapes. */
function elementEnd(text: string, start: number): number | undefined {
  let isQuoted = false;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) at += 1;
    else if (character === ']' && !isQuoted) return at + 1;
  }
  return undefined;
}
