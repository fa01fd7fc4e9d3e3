import { form } from '../lab/requests.mjs';
import { sites } from './programs/sites.mjs';

export default {
  about: 'Limit Login Attempts locks somebody out, and has a file of its own for that',
  programs: [sites],
  jail: 'preset = "wp-limit-login"\n',
  tries: 1,
  attack: (visitor, count) =>
    visitor.request({ port: 8000, path: '/wp-login.php', ...form({ user: 'admin', password: `guess ${count}` }) }),
  visit: (visitor) => visitor.request({ port: 8000 }),
  welcome: /^200$/,
};
