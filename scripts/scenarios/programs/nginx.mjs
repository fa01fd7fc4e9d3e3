/** A site behind nginx: a page, a folder with a password, and what a WordPress would answer to a wrong one. */
export const nginx = {
  port: 80,
  files: {
    '/etc/nginx/site.conf': `user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {}
http {
  access_log /var/log/nginx/access.log;
  server {
    listen 80;
    listen [::]:80;
    root /srv/www;
    location /private/ {
      auth_basic "members";
      auth_basic_user_file /srv/htpasswd;
    }
    location = /wp-login.php { return 200 "The password you entered is incorrect.\\n"; }
    location = /xmlrpc.php { return 400 "XML-RPC server accepts POST requests only.\\n"; }
  }
}
`,
    '/srv/www/index.html': 'a page\n',
    '/srv/www/private/index.html': 'a page for members\n',
    // alice, correct horse
    '/srv/htpasswd':
      'alice:$6$dropset$9HG47G5U9WtdCFi97aXF/UpDZkJt37k6S2kVV7FwUI/x.OQ2vOUdVJhd19n54nrQVFyJv15gJLQgLac62itpZ/\n',
  },
  prepare: 'mkdir -p /var/log/nginx /var/lib/nginx',
  command: ['nginx', '-c', '/etc/nginx/site.conf', '-g', 'daemon off;'],
};
