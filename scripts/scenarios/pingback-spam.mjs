import { pingback } from '../lab/requests.mjs';
import { squid } from './programs/squid.mjs';

export default {
  about: 'pingback spam through squid: chunked posts of an old PHP, which the site refuses',
  programs: [squid],
  jail: 'preset = "pingback-spam"\n',
  tries: 1,
  attack: (visitor) => visitor.request({ port: 3128, ...pingback }),
  visit: (visitor) => visitor.request({ port: 3128 }),
  welcome: /^200$/,
};
