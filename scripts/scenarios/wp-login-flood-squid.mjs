import { login } from '../lab/requests.mjs';
import { squid } from './programs/squid.mjs';

export default {
  about: 'squid: a flood of passwords at wp-login.php, by somebody who says he is a search engine',
  programs: [squid],
  jail: 'filter = "wp-login-flood"\nlogpath = "/var/log/squid/access.log"\nmaxretry = 20\n',
  tries: 20,
  attack: (visitor, count) => visitor.request({ port: 3128, ...login('admin', `guess ${count}`) }),
  visit: (visitor) => visitor.request({ port: 3128 }),
  welcome: /^200$/,
};
