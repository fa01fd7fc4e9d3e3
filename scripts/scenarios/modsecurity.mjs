import { pingback } from '../lab/requests.mjs';
import { apache } from './programs/apache.mjs';

export default {
  about: "ModSecurity refuses pingback spam, and says so in Apache's error log",
  programs: [apache],
  jail: 'preset = "modsecurity"\n',
  tries: 3,
  attack: (visitor) => visitor.request({ port: 8080, ...pingback }),
  visit: (visitor) => visitor.request({ port: 8080 }),
  welcome: /^200$/,
};
