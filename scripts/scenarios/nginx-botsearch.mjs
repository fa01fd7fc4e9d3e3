import { nginx } from './programs/nginx.mjs';

const FORGOTTEN = ['/phpmyadmin/index.php', '/.env', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php'];

export default {
  about: 'somebody asks nginx for what a server might have forgotten: phpMyAdmin, .env, PHPUnit',
  programs: [nginx],
  jail: 'preset = "nginx-botsearch"\n',
  families: [4, 6],
  tries: 3,
  attack: (visitor, count) => visitor.request({ path: FORGOTTEN[count % FORGOTTEN.length] }),
  visit: (visitor) => visitor.request({ path: '/' }),
  welcome: /^200$/,
};
