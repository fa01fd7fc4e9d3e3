import type { Group } from './command.js';

const config: Group = {
  summary: 'check the configuration before the service reads it',
  commands: { check: () => import('./config/check.js') },
};

export default config;
