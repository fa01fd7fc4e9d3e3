import { base64 } from '../lab/requests.mjs';
import { postfix } from './programs/postfix.mjs';

const talk = (...lines) => ({ port: 587, lines: ['EHLO client.example', ...lines, 'QUIT'] });

export default {
  about: 'postfix asks for a password, which dovecot knows, and somebody guesses it',
  programs: [postfix],
  jail: 'preset = "postfix-sasl"\n',
  families: [4, 6],
  tries: 5,
  attack: (visitor, count) => visitor.converse(talk('AUTH LOGIN', base64('admin'), base64(`guess ${count}`)), -2),
  visit: (visitor) => visitor.converse(talk(`AUTH PLAIN ${base64('\0alice\0correct horse')}`), -2),
  welcome: /^235 /,
};
