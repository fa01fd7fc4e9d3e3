import { isHostName } from '../model/host-name.js';
import { Prefix } from '../model/prefix.js';

/** One line of a list: an address, a prefix, or the name of a host. */
export interface Listed {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Absent for a name. */
  readonly prefix?: Prefix;
}

export interface List {
  readonly entries: readonly Listed[];
  /** What is wrong with it, the first fault; undefined where all of it can be used. */
  readonly fault?: string;
}

/** Entries that one file may have. The kernel's trie of allowed prefixes has room for 65,536. */
export const MOST_ENTRIES = 20_000;

/** Reads a list: one a line; `#` and `;` begin comments. What follows an entry behind a space is passed over. */
export function parseList(text: string): List {
  const entries: Listed[] = [];
  let fault: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const [word] = raw
      .replace(/[#;].*/, '')
      .trim()
      .split(/[\s,]+/, 1) as [string];
    if (word === '') continue;
    const line = index + 1;
    const prefix = Prefix.tryParse(word);
    if (entries.length === MOST_ENTRIES) return { entries, fault: `line ${line}: more than ${MOST_ENTRIES} entries` };
    if (prefix || isHostName(word)) entries.push({ text: word, line, ...(prefix && { prefix }) });
    else fault ??= `line ${line}: ${JSON.stringify(word.slice(0, 60))} is no address, no prefix and no name of a host`;
  }
  return { entries, ...(fault !== undefined && { fault }) };
}
