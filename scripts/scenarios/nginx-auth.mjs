import { basic } from '../lab/requests.mjs';
import { nginx } from './programs/nginx.mjs';

const path = '/private/';

export default {
  about: 'nginx asks for a password, and somebody guesses it',
  programs: [nginx],
  jail: 'preset = "nginx-auth"\n',
  families: [4, 6],
  tries: 3,
  attack: (visitor, count) => visitor.request({ path, headers: basic('admin', `guess ${count}`) }),
  visit: (visitor) => visitor.request({ path, headers: basic('alice', 'correct horse') }),
  welcome: /^200$/,
};
