import { sshd } from './programs/sshd.mjs';

export default {
  about: 'sshd writes auth.log through rsyslogd; somebody tries names of users',
  programs: [sshd],
  jail: 'preset = "sshd"\n',
  spares: ['sshd-journal', 'btmp'],
  families: [4, 6],
  tries: 3,
  attack: (visitor, count) => visitor.ssh({ user: `admin${count}` }),
  visit: (visitor) => visitor.converse({ port: 22 }),
  welcome: /^SSH-2\.0-/,
};
