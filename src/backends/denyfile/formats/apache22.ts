import { type Format, HEAD } from './format.js';

/** Apache 2.2, and 2.4's mod_access_compat: to be included behind `Order Allow,Deny` and `Allow from all`. */
export const apache22: Format = {
  head: HEAD,
  line: (prefix) => `Deny from ${prefix}\n`,
};
