import { AUTH_JOURNAL, AUTH_LOGS, type Preset } from './preset.js';

const NGINX = ['/var/log/nginx/*access.log'];
const APACHE = ['/var/log/apache2/*access.log', '/var/log/httpd/*access_log'];
const APACHE_ERRORS = ['/var/log/apache2/*error.log', '/var/log/httpd/*error_log'];
const SQUID = ['/var/log/squid/access.log'];

/** Three in an hour are banned for a day. */
const THRICE = { maxretry: 3, findtime: '1h', bantime: '1d' } as const;

/** Nobody does this by accident. */
const ONCE = { maxretry: 1, findtime: '1h', bantime: '1d' } as const;

export const WEB: readonly Preset[] = [
  {
    name: 'wp-limit-login',
    summary: "lockouts by WordPress' plugin Limit Login Attempts, from a file of its own",
    filter: 'wp-limit-login',
    logpath: ['/var/log/wp-limit-login.log'],
    ...ONCE,
    proxied: 'program',
  },
  {
    name: 'wordpress',
    summary: 'failed logins and pingbacks that WordPress tells syslog (docs/integrations/wordpress)',
    filter: 'wordpress',
    logpath: AUTH_LOGS,
    journalmatch: AUTH_JOURNAL,
    ...THRICE,
    proxied: 'program',
  },
  {
    name: 'wp-login-flood',
    summary: 'posts to wp-login.php and xmlrpc.php, faster than anybody types',
    filter: 'wp-login-flood',
    logpath: [...NGINX, ...APACHE, ...SQUID],
    maxretry: 10,
    findtime: '1m',
    bantime: '1h',
    proxied: 'field',
  },
  {
    name: 'squid-w00tw00t',
    summary: 'probes for /w00tw00t at squid as a reverse proxy',
    filter: 'squid-w00tw00t',
    logpath: SQUID,
    ...ONCE,
    proxied: 'program',
  },
  {
    name: 'pingback-spam',
    summary: 'pingback spam by its signature, at squid as a reverse proxy',
    filter: 'pingback-spam',
    logpath: SQUID,
    ...ONCE,
    proxied: 'program',
  },
  {
    name: 'modsecurity',
    summary: 'requests that a rule of ModSecurity refused',
    filter: 'modsecurity',
    logpath: APACHE_ERRORS,
    ...THRICE,
    proxied: 'program',
  },
  {
    name: 'elgg',
    summary: 'failed logins that Elgg tells syslog',
    filter: 'elgg',
    logpath: AUTH_LOGS,
    journalmatch: AUTH_JOURNAL,
    ...THRICE,
    proxied: 'program',
  },
  {
    name: 'idno',
    summary: 'failed logins that Idno (Known) tells syslog',
    filter: 'idno',
    logpath: AUTH_LOGS,
    journalmatch: AUTH_JOURNAL,
    ...THRICE,
    proxied: 'program',
  },
  {
    name: 'nginx-auth',
    summary: 'passwords guessed at basic authentication of nginx, or of what is behind it',
    filter: 'nginx-auth',
    logpath: NGINX,
    ...THRICE,
    proxied: 'field',
  },
  {
    name: 'nginx-botsearch',
    summary: 'searches for secrets, consoles and old holes that nginx does not have',
    filter: 'botsearch',
    logpath: NGINX,
    ...THRICE,
    proxied: 'field',
  },
  {
    name: 'apache-auth',
    summary: 'passwords guessed at basic and digest authentication of Apache',
    filter: 'apache-auth',
    logpath: APACHE_ERRORS,
    ...THRICE,
    proxied: 'program',
  },
  {
    name: 'apache-botsearch',
    summary: 'searches for secrets, consoles and old holes that Apache does not have',
    filter: 'botsearch',
    logpath: APACHE,
    ...THRICE,
    proxied: 'field',
  },
];
