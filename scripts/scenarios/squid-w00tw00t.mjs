import { squid } from './programs/squid.mjs';

export default {
  about: 'squid in front of a site; a scanner calls for /w00tw00t',
  programs: [squid],
  jail: 'preset = "squid-w00tw00t"\n',
  families: [4, 6],
  tries: 1,
  attack: (visitor) => visitor.request({ port: 3128, path: '/w00tw00t.at.ISC.SANS.DFind:)' }),
  visit: (visitor) => visitor.request({ port: 3128 }),
  welcome: /^200$/,
};
