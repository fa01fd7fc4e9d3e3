import { dovecot } from './dovecot.mjs';

/** postfix, which asks dovecot whether a password is right. */
export const postfix = {
  needs: [dovecot],
  port: 587,
  files: {
    '/etc/postfix/main.cf': `compatibility_level = 3.6
myhostname = mail.example.com
mydestination =
inet_interfaces = all
smtputf8_enable = no
maillog_file =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_peername_lookup = no
default_database_type = hash
alias_maps =
`,
    '/etc/postfix/master.cf': `587 inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
pickup unix n - n 60 1 pickup
`,
  },
  prepare: `cp -n /usr/share/postfix/postfix-files /usr/share/postfix/dynamicmaps.cf /etc/postfix/ 2>/dev/null || :
    mkdir -p /var/spool/postfix /var/lib/postfix
    chown postfix /var/lib/postfix
    postfix set-permissions 2>/dev/null || :`,
  command: ['postfix', 'start-fg'],
};
