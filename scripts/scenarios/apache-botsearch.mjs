import { apache } from './programs/apache.mjs';

const FORGOTTEN = ['/phpmyadmin/index.php', '/.env', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php'];

export default {
  about: 'somebody asks Apache for what a server might have forgotten: phpMyAdmin, .env, PHPUnit',
  programs: [apache],
  jail: 'preset = "apache-botsearch"\n',
  spares: ['modsecurity'],
  tries: 3,
  attack: (visitor, count) => visitor.request({ port: 8080, path: FORGOTTEN[count % FORGOTTEN.length] }),
  visit: (visitor) => visitor.request({ port: 8080, path: '/' }),
  welcome: /^200$/,
};
