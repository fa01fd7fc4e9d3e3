import { type Format, HEAD } from './format.js';

/**
 * Apache 2.4's mod_authz_host: to be included inside `<RequireAll>`, beside what lets people in (`Require all granted`): what is denied
 * cannot stand alone there.
 */
export const apache24: Format = {
  head: HEAD,
  line: (prefix) => `Require not ip ${prefix}\n`,
};
