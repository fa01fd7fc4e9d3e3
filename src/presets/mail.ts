import type { Preset } from './preset.js';

const EXIM = ['/var/log/exim4/mainlog', '/var/log/exim/main.log'];
const MAIL = ['/var/log/mail.log', '/var/log/maillog'];

/** A program with an old password is nobody who guesses: it gets five attempts, and is back within an hour. */
const PATIENT = { maxretry: 5, findtime: '1h', bantime: '1h' } as const;

export const MAIL_SERVERS: readonly Preset[] = [
  {
    name: 'exim-dos',
    summary: 'connections that Exim refused, because there were too many',
    filter: 'exim-dos',
    logpath: EXIM,
    maxretry: 1,
    findtime: '10m',
    bantime: '1h',
    proxied: 'none',
  },
  {
    name: 'exim-auth',
    summary: 'passwords guessed at Exim',
    filter: 'exim-auth',
    logpath: EXIM,
    ...PATIENT,
    proxied: 'none',
  },
  {
    name: 'postfix-sasl',
    summary: 'passwords guessed at Postfix',
    filter: 'postfix-sasl',
    logpath: MAIL,
    journalmatch: ['_SYSTEMD_UNIT=postfix.service + _SYSTEMD_UNIT=postfix@-.service'],
    ...PATIENT,
    proxied: 'none',
  },
  {
    name: 'dovecot',
    summary: 'passwords guessed at Dovecot: IMAP, POP3, submission, ManageSieve',
    filter: 'dovecot',
    logpath: MAIL,
    journalmatch: ['_SYSTEMD_UNIT=dovecot.service'],
    ...PATIENT,
    proxied: 'none',
  },
];
