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
local_recipient_maps =
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
  prepare: `mkdir -p /var/spool/postfix /var/lib/postfix
    chown postfix:postfix /var/lib/postfix
    cd /var/spool/postfix
    install -d -m 700 -o postfix active bounce corrupt defer deferred flush hold incoming private saved trace
    install -d -m 710 -o postfix -g postdrop public
    install -d -m 730 -o postfix -g postdrop maildrop
    install -d -m 755 pid`,
  // What `postfix start-fg` starts, which looks through all files before, for 5 s.
  command: ['/usr/lib/postfix/sbin/master', '-c', '/etc/postfix', '-s'],
};
