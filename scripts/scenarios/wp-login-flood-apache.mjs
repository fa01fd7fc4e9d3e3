import { login } from '../lab/requests.mjs';
import { apache } from './programs/apache.mjs';

export default {
  about: 'Apache: a flood of passwords at wp-login.php, by somebody who says he is a search engine',
  programs: [apache],
  jail: 'preset = "wp-login-flood"\n',
  spares: ['wp-login-flood', 'wp-login-flood-squid'],
  tries: 10,
  attack: (visitor, count) => visitor.request({ port: 8080, ...login('admin', `guess ${count}`) }),
  visit: (visitor) => visitor.request({ port: 8080 }),
  welcome: /^200$/,
};
