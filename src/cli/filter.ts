import type { Group } from './command.js';

const filter: Group = {
  summary: 'try filters on logs, list and check them',
  commands: {
    test: () => import('./filter/test.js'),
    list: () => import('./filter/list.js'),
    check: () => import('./filter/check.js'),
  },
};

export default filter;
