import type { IncomingMessage, ServerResponse } from 'node:http';
import { lineOf, write } from './answer.js';
import type { ApiError, BanResult, GivenBan, Operations, Replacement, StreamEvent, StreamTerms } from './api.js';
import { parseGiven } from './body.js';
import { lines } from './lines.js';
import { termsOf } from './query.js';
import { spreadOf } from './spread.js';

/** A line of a stream, by its number from 1: a ban, or what is wrong with it. */
type Entry = { readonly line: number } & ({ readonly ban: GivenBan } | { readonly address: string; error: ApiError });

/** Bytes that one line may have: an address, or an object with a reason. */
const LONGEST = { plain: 1024, json: 16_384 } as const;

/** Bans what comes, and reads on only when the kernel holds it. */
export async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  operations: Operations,
  kind: keyof typeof LONGEST,
): Promise<void> {
  const terms = termsOf(request);
  const replacement = terms.replace && terms.source ? operations.replace(terms.source) : undefined;
  try {
    await entered(request, response, { operations, kind, terms, replacement });
  } finally {
    replacement?.release();
  }
}

interface Entering {
  readonly operations: Operations;
  readonly kind: keyof typeof LONGEST;
  readonly terms: StreamTerms;
  readonly replacement: Replacement | undefined;
}

async function entered(
  request: IncomingMessage,
  response: ServerResponse,
  { operations, kind, terms, replacement }: Entering,
): Promise<void> {
  const { exact: _, replace: __, shrink, ...wanted } = terms;
  const late = spreadOf(terms);
  const read = kind === 'json' ? given : plain;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const sum = { banned: 0, refusals: 0 };
  let [before, ended] = [0, 0];
  for await (const group of lines(request, LONGEST[kind])) {
    const entries = group.flatMap((text, index) => read(text.trim(), before + index + 1) ?? []);
    before += group.length;
    const { refused, ...counts } = await enter(
      entries,
      (bans) => operations.enter(bans, wanted, late(sum.banned)),
      replacement,
    );
    sum.refusals += refused.length;
    sum.banned += counts.banned;
    ended += counts.ended;
    const progress = { ...sum, ...(ended > 0 && { ended }), done: false };
    await write(response, [...refused, progress].map(lineOf).join(''));
  }
  // Only here: a list that broke off has not said who is no more in it.
  const replaced = await replacement?.finish(shrink === 'true');
  response.end(lineOf({ ...sum, ...(ended > 0 && { ended }), ...replaced, done: true } satisfies StreamEvent));
}

/** Empty lines and comments are no addresses, but they are counted. */
const plain = (text: string, line: number): Entry | undefined =>
  text === '' || text.startsWith('#') ? undefined : { line, ban: { address: text } };

function given(text: string, line: number): Entry | undefined {
  if (text === '') return undefined;
  const parsed = parseGiven(text);
  return 'ban' in parsed ? { line, ban: parsed.ban } : { line, address: '', error: parsed.error };
}

type Refused = Extract<StreamEvent, { refused: unknown }>;

async function enter(
  entries: readonly Entry[],
  ban: (bans: readonly GivenBan[]) => Promise<readonly BanResult[]>,
  replacement: Replacement | undefined,
): Promise<{ refused: Refused[]; banned: number; ended: number }> {
  const bans = entries.flatMap((entry) => ('ban' in entry ? [entry.ban] : []));
  const results = bans.length === 0 ? [] : await ban(bans);
  const refused: Refused[] = [];
  let [place, ended] = [0, 0];
  for (const entry of entries) {
    // By place: an answer names the canonical address, which may stand otherwise in its line, or in several lines.
    const result = 'ban' in entry ? (results[place++] as BanResult) : entry;
    if (!('ended' in result)) replacement?.keep(result.address);
    if (result.error) refused.push({ refused: { line: entry.line, address: result.address, error: result.error } });
    else if ('ended' in result) ended++;
  }
  return { refused, ended, banned: entries.length - refused.length - ended };
}
