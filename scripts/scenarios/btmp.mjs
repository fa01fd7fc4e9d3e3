import { sshd } from './programs/sshd.mjs';

export default {
  about: 'no log at all: sshd writes down in btmp that a password was wrong',
  programs: [sshd],
  jail: 'preset = "btmp"\n',
  spares: ['sshd', 'sshd-journal'],
  tries: 3,
  attack: (visitor, count) => visitor.ssh({ user: 'alice', password: `guess ${count}` }),
  visit: (visitor) => visitor.ssh({ user: 'alice', password: 'correct horse' }),
  welcome: /^welcome$/,
};
