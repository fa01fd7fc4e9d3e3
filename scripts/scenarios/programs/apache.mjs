/** A site behind Apache: a folder with a password, a WordPress's doors, and ModSecurity with one rule. */
const MODULES = {
  mpm_event_module: 'mod_mpm_event',
  authz_core_module: 'mod_authz_core',
  authz_user_module: 'mod_authz_user',
  authn_core_module: 'mod_authn_core',
  authn_file_module: 'mod_authn_file',
  auth_basic_module: 'mod_auth_basic',
  alias_module: 'mod_alias',
  dir_module: 'mod_dir',
  setenvif_module: 'mod_setenvif',
  unique_id_module: 'mod_unique_id',
  security2_module: 'mod_security2',
};

const loaded = Object.entries(MODULES).map(([name, file]) => `LoadModule ${name} /usr/lib/apache2/modules/${file}.so`);

export const apache = {
  port: 8080,
  files: {
    '/etc/apache2/site.conf': `${loaded.join('\n')}
ServerName www.example.com
ServerRoot /etc/apache2
PidFile /run/apache2.pid
Listen 8080
User www-data
Group www-data
StartServers 1
ErrorLog /var/log/apache2/error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog /var/log/apache2/access.log combined
DocumentRoot /srv/apache
<Directory /srv/apache>
  Require all granted
</Directory>
<Location /private/>
  AuthType Basic
  AuthName members
  AuthUserFile /srv/htpasswd
  Require valid-user
</Location>
RedirectMatch 302 ^/wp-login\\.php$ /index.html
SecRuleEngine On
SecAuditEngine Off
SecDataDir /tmp
SecRule REQUEST_HEADERS:User-Agent "@beginsWith PHP/5.2.10" "id:900100,phase:1,deny,status:400,log,msg:'Pingback spam',chain"
SecRule REQUEST_URI "@beginsWith /xmlrpc.php" "chain"
SecRule REQUEST_HEADERS:Transfer-Encoding "@streq chunked"
`,
    '/srv/apache/index.html': 'a page\n',
    '/srv/apache/private/index.html': 'a page for members\n',
    // alice, correct horse
    '/srv/htpasswd':
      'alice:$6$dropset$9HG47G5U9WtdCFi97aXF/UpDZkJt37k6S2kVV7FwUI/x.OQ2vOUdVJhd19n54nrQVFyJv15gJLQgLac62itpZ/\n',
  },
  prepare: 'mkdir -p /var/log/apache2',
  command: ['apache2', '-d', '/etc/apache2', '-f', 'site.conf', '-D', 'FOREGROUND'],
};
