import { PROXY } from '../lab/addresses.mjs';
import { basic } from '../lab/requests.mjs';
import { DENIED, proxied, RELOAD } from './programs/proxied.mjs';

const path = '/private/';
const claimed = { 'x-forwarded-for': '192.0.2.7' };

export default {
  about: 'a site behind squid: who guesses passwords is known by X-Forwarded-For, and denied by nginx',
  programs: [proxied],
  through: 'proxy',
  sections: `[service]
backends = ["nftables", "denyfile"]
[denyfile.nginx]
format = "nginx-geo"
path = "${DENIED}"
reload = ${JSON.stringify(RELOAD)}
interval = "200ms"
`,
  jail: `preset = "nginx-auth"
logpath = "/var/log/members/access.log"
trusted_proxies = ["${PROXY}"]
backends = ["denyfile.nginx"]
`,
  tries: 3,
  attack: (visitor, count) => visitor.request({ path, headers: { ...basic('admin', `guess ${count}`), ...claimed } }),
  visit: (visitor) => visitor.request({ path, headers: basic('alice', 'correct horse') }),
  welcome: /^200$/,
  refusal: /^403$/,
};
