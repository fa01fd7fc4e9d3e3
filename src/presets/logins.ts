import { AUTH_LOGS, type Preset } from './preset.js';

/** Three in an hour are banned for a day. */
const THRICE = { maxretry: 3, findtime: '1h', bantime: '1d' } as const;

/** Logins to the machine itself. */
export const LOGINS: readonly Preset[] = [
  {
    name: 'sshd',
    summary: 'passwords guessed at OpenSSH',
    filter: 'sshd',
    logpath: AUTH_LOGS,
    // By process and not by unit: a service that a socket starts has a unit for each connection. Root's alone: anybody may call his
    // own program sshd.
    journalmatch: ['_UID=0 _COMM=sshd + _UID=0 _COMM=sshd-session + _UID=0 _COMM=sshd-auth'],
    ...THRICE,
    proxied: 'none',
  },
  {
    name: 'btmp',
    summary: 'failed logins of sshd and login, without any log',
    filter: 'btmp',
    logpath: [],
    btmp: true,
    ...THRICE,
    proxied: 'none',
  },
];
