import { sshd } from './programs/sshd.mjs';

export default {
  about: 'sshd in the journal; somebody tries passwords',
  programs: [sshd],
  jail: 'preset = "sshd"\njournal = true\n',
  spares: ['sshd', 'btmp'],
  tries: 3,
  attack: (visitor, count) => visitor.ssh({ user: 'root', password: `guess ${count}` }),
  visit: (visitor) => visitor.converse({ port: 22 }),
  welcome: /^SSH-2\.0-/,
};
