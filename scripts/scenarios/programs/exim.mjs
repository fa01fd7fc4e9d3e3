/** exim with logins, and room for four connections of one address. */
export const exim = {
  port: 25,
  files: {
    '/etc/exim4/lab.conf': `primary_hostname = mail.example.com
daemon_smtp_ports = 25
log_file_path = /var/log/exim4/%slog
pid_file_path = /run/exim4.pid
never_users = root
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max_per_host = 4
auth_advertise_hosts = *
tls_advertise_hosts =
acl_smtp_rcpt = accept
begin acl
begin routers
begin transports
begin retry
begin authenticators
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = \${if and{{eq{$auth1}{alice}}{eq{$auth2}{correct horse}}}}
  server_set_id = $auth1
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{alice}}{eq{$auth3}{correct horse}}}}
  server_set_id = $auth2
`,
  },
  prepare: `mkdir -p /var/log/exim4 /var/spool/exim4
    chown Debian-exim:adm /var/log/exim4 /var/spool/exim4`,
  command: ['exim4', '-bdf', '-C', '/etc/exim4/lab.conf'],
};
