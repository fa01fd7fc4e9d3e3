import { type Format, HEAD } from './format.js';

/** A map of HAProxy, for `src,map_ip(FILE,0)`: a tree by the longest prefix. HAProxy reads it when it starts or is reloaded. */
export const haproxy: Format = {
  head: HEAD,
  line: (prefix) => `${prefix} 1\n`,
};
