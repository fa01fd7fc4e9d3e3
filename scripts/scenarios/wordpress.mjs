import { login, pingbackOf } from '../lab/requests.mjs';
import { wordpress } from './programs/wordpress.mjs';

const port = 8001;

export default {
  about: 'WordPress with the plugin: a wrong password, a false pingback, a wrong password; others report a link twice',
  programs: [wordpress],
  jail: 'preset = "wordpress"\n',
  tries: 3,
  attack: (visitor, count) =>
    visitor.request({ port, ...(count === 2 ? pingbackOf('http://spam.example/') : login('admin', `guess ${count}`)) }),
  visit: (visitor) => visitor.request({ port, ...pingbackOf('http://www.example.org/') }),
  welcome: /^200$/,
};
