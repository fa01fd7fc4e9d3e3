/** A piece of TOML: one of `= . , [ ] { }`, a line break, a quoted string with its quotes, or a bare word. */
export interface Token {
  readonly text: string;
  /** The line that it starts on, from 1. */
  readonly line: number;
}

const TOKEN = /[ \t\r\uFEFF]+|#[^\n]*|\n|[=.,[\]{}]|[^\s=.,[\]{}#"']+/y;

/** Cuts TOML that the parser has accepted into tokens, blanks and comments left out. Any text ends, none throws. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (!/^[ \t\r\uFEFF#]/.test(token)) tokens.push({ text: token, line });
    line += breaksIn(token);
    at = end;
  }
  return tokens;
}

function endOfToken(text: string, at: number): number {
  if (text[at] === '"' || text[at] === "'") return endOfString(text, at, text[at] as string);
  TOKEN.lastIndex = at;
  // A character that TOML has no use for: the parser has refused such a text, but the loop must go on.
  return TOKEN.test(text) ? TOKEN.lastIndex : at + 1;
}

// By hand, because one regular expression over a string of a megabyte overflows V8's backtracking stack.
function endOfString(text: string, start: number, quote: string): number {
  const isLong = text.startsWith(quote.repeat(3), start);
  const closing = isLong ? quote.repeat(3) : quote;
  let at = start + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += closing.length;
  // Up to two quotes may stand right before the closing three, and belong to the string.
  for (let more = 0; isLong && more < 2 && text[at] === quote; more++) at++;
  return Math.min(at, text.length);
}

function breaksIn(token: string): number {
  let count = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) count++;
  return count;
}
