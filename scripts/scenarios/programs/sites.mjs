import { rsyslog } from './rsyslog.mjs';

/** Sites in PHP, behind PHP's own web server: each writes down that a login failed as its software, or its plugin, does. */
export const sites = {
  needs: [rsyslog],
  port: 8000,
  files: {
    '/srv/sites/index.php': `<?php
$user = $_POST['user'] ?? null;
$from = $_SERVER['REMOTE_ADDR'];
switch ($user === null ? '' : $_SERVER['REQUEST_URI']) {
case '/elgg/action/login':
case '/idno/session/login':
    $site = explode('/', $_SERVER['REQUEST_URI'])[1];
    openlog("$site(www.example.com)", LOG_PID, LOG_AUTH);
    syslog(LOG_NOTICE, "Authentication failure for $user from $from");
    break;
case '/wp-login.php':
    // Limit Login Attempts has counted by itself, and locks the address out.
    file_put_contents('/var/log/wp-limit-login.log', date('M d H:i:s') . " IP locked out by wp-limit-login: $from\\n", FILE_APPEND);
    break;
default:
    exit("a page\\n");
}
http_response_code(403);
exit("no\\n");
`,
  },
  prepare: 'touch /var/log/wp-limit-login.log',
  command: ['env', 'PHP_CLI_SERVER_WORKERS=4', 'php', '-S', '0.0.0.0:8000', '-t', '/srv/sites', '/srv/sites/index.php'],
};
