import { BEHIND_PROXY, PROXY } from '../../lab/addresses.mjs';
import { nginx } from './nginx.mjs';

/** Where dropset says who is denied. */
export const DENIED = '/var/lib/dropset/denied.conf';
export const RELOAD = ['nginx', '-c', '/etc/nginx/members.conf', '-s', 'reload'];

/** nginx behind a proxy: every packet is the proxy's, and the client stands in X-Forwarded-For. */
const members = {
  needs: [nginx],
  port: 8082,
  files: {
    '/etc/nginx/members.conf': `user www-data;
worker_processes 1;
pid /run/nginx-members.pid;
error_log /var/log/members/error.log;
events {}
http {
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
  access_log /var/log/members/access.log main;
  geo $denied {
    proxy ${PROXY};
    default 0;
    include ${DENIED};
  }
  server {
    listen ${BEHIND_PROXY}:8082;
    root /srv/www;
    if ($denied) { return 403; }
    location /private/ {
      auth_basic "members";
      auth_basic_user_file /srv/htpasswd;
    }
  }
}
`,
  },
  prepare: `mkdir -p /var/log/members; touch ${DENIED}`,
  command: ['nginx', '-c', '/etc/nginx/members.conf', '-g', 'daemon off;'],
};

/** squid on a machine of its own before it. */
export const proxied = {
  needs: [members],
  at: 'proxy',
  port: 80,
  files: {
    '/etc/squid/gate.conf': `http_port 80 accel defaultsite=www.example.com no-vhost
cache_peer ${BEHIND_PROXY} parent 8082 0 no-query originserver name=site login=PASSTHRU
http_access allow all
cache_peer_access site allow all
cache deny all
forwarded_for on
access_log none
cache_log /var/log/gate.log
pid_filename /run/squid-gate.pid
coredump_dir /tmp
cache_effective_user proxy
visible_hostname www.example.com
icon_directory /usr/share/squid/icons
shutdown_lifetime 0 seconds
pinger_enable off
`,
  },
  prepare: ': > /etc/squid/errorpage.css; install -o proxy /dev/null /var/log/gate.log',
  command: ['squid', '-N', '-n', 'gate', '-f', '/etc/squid/gate.conf'],
};
