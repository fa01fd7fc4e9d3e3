import { UsageError } from '../command.js';

/** What lists of bans are written in. `nft` is for nft(8), and is not read again. */
export const WRITTEN = ['plain', 'json', 'csv', 'nft'] as const;
export const READ = ['plain', 'json', 'csv'] as const;

export type WrittenFormat = (typeof WRITTEN)[number];
export type ReadFormat = (typeof READ)[number];

/** The columns of a CSV file, in the order in which they are written. */
export const COLUMNS = ['address', 'jail', 'reason', 'since', 'until', 'scope'] as const;

/** What other programs call the column of addresses. */
export const ADDRESSES: readonly string[] = [
  'address',
  'ip',
  'ip_address',
  'ipaddress',
  'ip address',
  'src_ip',
  'source_ip',
  'dst_ip',
  'dstip',
  'cidr',
  'network',
  'prefix',
];

/** Whether a line of a plain or CSV list says nothing. */
export const isComment = (line: string): boolean => /^\s*(?:[#;]|$)/.test(line);

/** @throws UsageError for a format that is none of these. */
export function formatOf<F extends string>(word: string, known: readonly F[]): F {
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  throw new UsageError(`--format takes one of ${known.join(', ')}, not '${word}'`);
}
