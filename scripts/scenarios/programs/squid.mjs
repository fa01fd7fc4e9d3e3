import { nginx } from './nginx.mjs';

/** squid as reverse proxy in front of nginx. */
export const squid = {
  needs: [nginx],
  port: 3128,
  files: {
    '/etc/squid/lab.conf': `http_port 3128 accel defaultsite=www.example.com no-vhost
cache_peer 127.0.0.1 parent 80 0 no-query originserver name=site
http_access allow all
cache_peer_access site allow all
cache deny all
access_log stdio:/var/log/squid/access.log squid
log_mime_hdrs on
cache_log /var/log/squid/cache.log
pid_filename /run/squid.pid
coredump_dir /tmp
cache_effective_user proxy
visible_hostname www.example.com
icon_directory /usr/share/squid/icons
shutdown_lifetime 0 seconds
pinger_enable off
`,
  },
  prepare: 'mkdir -p /var/log/squid; chown proxy:proxy /var/log/squid; : > /etc/squid/errorpage.css',
  command: ['squid', '-N', '-f', '/etc/squid/lab.conf'],
};
