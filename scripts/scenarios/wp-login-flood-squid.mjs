import { login } from '../lab/requests.mjs';
import { squid } from './programs/squid.mjs';

export default {
  about: 'squid: a flood of passwords at wp-login.php, by somebody who says he is a search engine',
  programs: [squid],
  jail: 'preset = "wp-login-flood"\n',
  spares: ['wp-login-flood', 'wp-login-flood-apache'],
  tries: 10,
  attack: (visitor, count) => visitor.request({ port: 3128, ...login('admin', `guess ${count}`) }),
  visit: (visitor) => visitor.request({ port: 3128 }),
  welcome: /^200$/,
};
