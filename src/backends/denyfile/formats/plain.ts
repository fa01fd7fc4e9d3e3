import type { Format } from './format.js';

/** Addresses and prefixes, one a line and nothing else: for `src -f FILE` of HAProxy, and whatever else reads lists. */
export const plain: Format = {
  head: '',
  line: (prefix) => `${prefix}\n`,
};
