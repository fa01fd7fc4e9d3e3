import { basic } from '../lab/requests.mjs';
import { apache } from './programs/apache.mjs';

const door = { port: 8080, path: '/private/' };

export default {
  about: 'Apache asks for a password; somebody guesses names and passwords',
  programs: [apache],
  jail: 'preset = "apache-auth"\n',
  families: [4, 6],
  tries: 3,
  attack: (visitor, count) => visitor.request({ ...door, headers: basic(count === 1 ? 'admin' : 'alice', 'guess') }),
  visit: (visitor) => visitor.request({ ...door, headers: basic('alice', 'correct horse') }),
  welcome: /^200$/,
};
