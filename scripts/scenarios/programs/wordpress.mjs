import { readFileSync } from 'node:fs';
import { rsyslog } from './rsyslog.mjs';

const PLUGIN = new URL('../../../docs/integrations/wordpress/dropset.php', import.meta.url);

/** WordPress' hooks around its two entrances, behind PHP's own web server, with the must-use plugin that tells syslog. */
export const wordpress = {
  needs: [rsyslog],
  port: 8001,
  files: {
    '/srv/wordpress/wp-content/mu-plugins/dropset.php': readFileSync(PLUGIN, 'utf8'),
    '/srv/wordpress/index.php': `<?php
$hooks = [];
function add_filter($name, $callback, $priority = 10) { $GLOBALS['hooks'][$name][$priority][] = $callback; }
function add_action($name, $callback, $priority = 10) { add_filter($name, $callback, $priority); }
function apply_filters($name, $value) {
    $list = $GLOBALS['hooks'][$name] ?? [];
    ksort($list);
    foreach (array_merge(...$list) as $callback) $value = $callback($value);
    return $value;
}
function do_action($name, $value) { apply_filters($name, $value); }
function home_url() { return 'http://www.example.com'; }
// The core's own: all errors but one lose their number.
add_filter('xmlrpc_pingback_error', fn($error) => $error->code === 48 ? $error : (object) ['code' => 0]);
require __DIR__ . '/wp-content/mu-plugins/dropset.php';

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
case '/wp-login.php':
    if (($_POST['pwd'] ?? '') === 'correct horse') exit("welcome\\n");
    do_action('wp_login_failed', $_POST['log'] ?? '');
    exit("The password you entered is incorrect.\\n");
case '/xmlrpc.php':
    // Which links are there already: the one of example.org.
    $known = str_contains(file_get_contents('php://input'), 'http://www.example.org/');
    $error = apply_filters('xmlrpc_pingback_error', (object) ['code' => $known ? 48 : 17]);
    http_response_code($error->code === 48 ? 200 : 403);
    exit("$error->code\\n");
}
echo "a blog\\n";
`,
  },
  command: [
    'env',
    'PHP_CLI_SERVER_WORKERS=4',
    'php',
    '-S',
    '0.0.0.0:8001',
    '-t',
    '/srv/wordpress',
    '/srv/wordpress/index.php',
  ],
};
