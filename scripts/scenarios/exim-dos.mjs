import { exim } from './programs/exim.mjs';

const CONNECTIONS = Array.from({ length: 6 });

export default {
  about: 'somebody opens more connections to exim than it allows one address',
  programs: [exim],
  jail: 'preset = "exim-dos"\n',
  tries: 1,
  attack: async (visitor) => {
    const answers = await Promise.all(CONNECTIONS.map(() => visitor.converse({ port: 25, open: 2000 })));
    return answers.find((answer) => /^421/.test(answer)) ?? answers.at(-1);
  },
  visit: (visitor) => visitor.converse({ port: 25, lines: ['EHLO client.example', 'QUIT'] }),
  welcome: /^221 /,
};
