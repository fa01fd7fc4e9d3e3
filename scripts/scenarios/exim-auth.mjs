import { base64 } from '../lab/requests.mjs';
import { exim } from './programs/exim.mjs';

const talk = (...lines) => ({ port: 25, lines: ['EHLO client.example', ...lines, 'QUIT'] });

export default {
  about: 'exim asks for a password, and somebody guesses it',
  programs: [exim],
  jail: 'preset = "exim-auth"\n',
  families: [4, 6],
  tries: 5,
  attack: (visitor, count) => visitor.converse(talk('AUTH LOGIN', base64('admin'), base64(`guess ${count}`)), -2),
  visit: (visitor) => visitor.converse(talk(`AUTH PLAIN ${base64('\0alice\0correct horse')}`), -2),
  welcome: /^235 /,
};
