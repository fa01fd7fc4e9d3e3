/** systemd-journald by itself: it takes what goes to /dev/log, and passes it on to rsyslogd, as on a Debian host. */
export const journald = {
  files: {
    '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
    '/etc/systemd/journald.conf': '[Journal]\nStorage=volatile\nForwardToSyslog=yes\n',
  },
  prepare: 'mkdir -p /run/systemd/journal /run/log/journal; ln -sf /run/systemd/journal/dev-log /dev/log',
  command: ['/lib/systemd/systemd-journald'],
  ready: 'test -S /run/systemd/journal/dev-log',
};
