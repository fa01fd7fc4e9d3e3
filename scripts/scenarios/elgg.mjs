import { form } from '../lab/requests.mjs';
import { sites } from './programs/sites.mjs';

export default {
  about: 'a site with Elgg says in auth.log that a login failed',
  programs: [sites],
  jail: 'preset = "elgg"\n',
  tries: 3,
  attack: (visitor, count) =>
    visitor.request({ port: 8000, path: '/elgg/action/login', ...form({ user: 'admin', password: `guess ${count}` }) }),
  visit: (visitor) => visitor.request({ port: 8000 }),
  welcome: /^200$/,
};
