import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The operator's own filters. */
export const OWN_FILTERS = '/etc/dropset/filter.d';

/** The filters that come with dropset. The way is the same from src/config and from dist/config. */
export const STOCK_FILTERS = fileURLToPath(new URL('../../src/filters/stock', import.meta.url));

/** Where a filter's name is looked up: the operator's own first, then dropset's, then those of a fail2ban tree. */
export const filterDirectories = (tree?: string): readonly string[] => [
  OWN_FILTERS,
  STOCK_FILTERS,
  ...(tree === undefined ? [] : [join(tree, 'filter.d')]),
];
