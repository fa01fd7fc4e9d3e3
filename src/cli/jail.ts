import type { Group } from './command.js';

const jail: Group = {
  summary: 'show the jails that would run',
  commands: { list: () => import('./jail/list.js') },
};

export default jail;
