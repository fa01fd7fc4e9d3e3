import { rsyslog } from './rsyslog.mjs';

/** dovecot's IMAP, with a file of passwords; it says to postfix too who may send. */
export const dovecot = {
  needs: [rsyslog],
  port: 143,
  files: {
    '/etc/dovecot/lab.conf': `protocols = imap
listen = *, ::
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
syslog_facility = mail
first_valid_uid = 1
mail_location = maildir:/tmp/mail/%u
passdb {
  driver = passwd-file
  args = /srv/mail-passwords
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/tmp/mail/%u
}
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
service imap-login {
  inet_listener imaps {
    port = 0
  }
}
`,
    '/srv/mail-passwords': 'alice:{PLAIN}correct horse\n',
  },
  prepare: `mkdir -p /run/dovecot /var/lib/dovecot /var/spool/postfix
    install -d -m 700 -o postfix /var/spool/postfix/private
    install -d -o mail /tmp/mail`,
  command: ['dovecot', '-F', '-c', '/etc/dovecot/lab.conf'],
};
