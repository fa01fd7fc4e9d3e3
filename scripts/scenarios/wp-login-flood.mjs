import { login } from '../lab/requests.mjs';
import { nginx } from './programs/nginx.mjs';

export default {
  about: 'nginx: a flood of passwords at wp-login.php, by somebody who says he is a search engine',
  programs: [nginx],
  jail: 'preset = "wp-login-flood"\n',
  spares: ['wp-login-flood-apache', 'wp-login-flood-squid'],
  tries: 10,
  attack: (visitor, count) => visitor.request({ port: 80, ...login('admin', `guess ${count}`) }),
  visit: (visitor) => visitor.request({ port: 80 }),
  welcome: /^200$/,
};
