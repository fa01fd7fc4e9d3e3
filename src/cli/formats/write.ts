import type { ListedBan } from '../../control/api.js';
import { textObserves } from '../../model/scope.js';
import { csvField } from './csv-field.js';
import { COLUMNS, type WrittenFormat } from './format.js';
import { writeNft } from './nft.js';

type Bans = AsyncIterable<ListedBan>;

/**
 * Bans as text, in pieces that end with a line.
 *
 * @param bans as the service lists them: those of one address follow each other.
 * @param now milliseconds since the epoch: nft wants to know how long, not until when.
 */
export function written(bans: Bans, format: WrittenFormat, now: () => number): AsyncGenerator<string> {
  if (format === 'json') return json(bans);
  if (format === 'csv') return csv(bans);
  return format === 'nft' ? writeNft(bans, now) : plain(bans);
}

/** Addresses, each once: several jails may have banned one. Who is only observed is not banned. */
async function* plain(bans: Bans): AsyncGenerator<string> {
  let last = '';
  for await (const { address, scope } of bans) {
    if (textObserves(scope)) continue;
    if (address !== last) yield `${address}\n`;
    last = address;
  }
}

/** One array, an object a line. */
async function* json(bans: Bans): AsyncGenerator<string> {
  let before = '[';
  for await (const { address, jail, reason, since, until, scope } of bans) {
    yield `${before}\n${JSON.stringify({ address, jail, reason, since, until, scope })}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** RFC 4180, but with line feeds alone. */
async function* csv(bans: Bans): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for await (const ban of bans) yield `${COLUMNS.map((column) => csvField(ban[column] ?? 'never')).join(',')}\n`;
}
