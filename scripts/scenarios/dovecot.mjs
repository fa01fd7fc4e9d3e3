import { dovecot } from './programs/dovecot.mjs';

const login = (password) => ({ port: 143, lines: [`1 LOGIN alice "${password}"`, '2 LOGOUT'] });

export default {
  about: 'somebody guesses a password of IMAP, which dovecot guards',
  programs: [dovecot],
  jail: 'preset = "dovecot"\n',
  families: [4, 6],
  tries: 5,
  attack: (visitor, count) => visitor.converse(login(`guess ${count}`), -2),
  visit: (visitor) => visitor.converse(login('correct horse'), -2),
  welcome: /^1 OK/m,
};
