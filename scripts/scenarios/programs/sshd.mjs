import { rsyslog } from './rsyslog.mjs';

/** OpenSSH as Debian configures it, with passwords. */
export const sshd = {
  needs: [rsyslog],
  port: 22,
  files: { '/etc/issue.net': '' },
  prepare: `cp -n /usr/share/openssh/sshd_config /etc/ssh/
    rm -f /etc/ssh/ssh_host_*
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
    install -m 600 /dev/null /var/log/btmp`,
  command: ['/usr/sbin/sshd', '-D'],
};
