import { journald } from './journald.mjs';

/** rsyslogd with Debian's files of each facility. */
export const rsyslog = {
  needs: [journald],
  files: {
    '/etc/rsyslog-lab.conf': `module(load="imuxsock" SysSock.Name="/run/systemd/journal/syslog")
auth,authpriv.* /var/log/auth.log
mail.* -/var/log/mail.log
*.*;auth,authpriv,mail.none -/var/log/syslog
`,
  },
  prepare: 'touch /var/log/auth.log /var/log/mail.log',
  command: ['rsyslogd', '-n', '-f', '/etc/rsyslog-lab.conf'],
  ready: 'test -S /run/systemd/journal/syslog',
};
