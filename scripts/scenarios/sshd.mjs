import { sshd } from './programs/sshd.mjs';

export default {
  about: 'sshd writes auth.log through rsyslogd; somebody tries names of users',
  programs: [sshd],
  jail: 'filter = "sshd"\nlogpath = "/var/log/auth.log"\nmaxretry = 3\n',
  tries: 3,
  attack: (visitor, count) => visitor.ssh({ user: `admin${count}` }),
  visit: (visitor) => visitor.converse({ port: 22 }),
  welcome: /^SSH-2\.0-/,
};
