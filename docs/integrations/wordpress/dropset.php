<?php
/**
 * Plugin Name: dropset
 * Description: Tells syslog (facility auth) of failed logins and of pingbacks that failed, for the preset `wordpress` of dropset.
 * Version:     1.0
 * License:     MIT
 *
 * A must-use plugin: put this file into wp-content/mu-plugins. It has no settings in the database, and no page.
 *
 * It writes, by syslog(3), with the identity `wordpress(www.example.com)`:
 *
 *     Authentication failure for admin from 192.0.2.7
 *     Pingback error 17 generated from 192.0.2.7
 *     Pingback requested from 192.0.2.7          (only with define('DROPSET_PINGBACK_REQUESTS', true) in wp-config.php)
 *
 * The address is REMOTE_ADDR. Behind a proxy have the web server put the client there (mod_remoteip, real_ip): anybody can send
 * an X-Forwarded-For.
 */

namespace Dropset;

// Registered already: an honest site that reports its link twice.
const ALREADY_REGISTERED = 48;

// WordPress' own limit of a login name.
const LONGEST_NAME = 60;

/** What nobody may bring into a log: control characters, line breaks of any kind, text without an end. */
function printable($text): string
{
    if (!is_scalar($text)) {
        return '?';
    }
    $text = (string) $text;
    // What is not UTF-8 is not made of letters.
    $clean = preg_match('//u', $text) === 1
        ? preg_replace('/[\p{C}\p{Zl}\p{Zp}]/u', '?', $text)
        : preg_replace('/[^\x20-\x7e]/', '?', $text);
    preg_match('/^.{0,' . LONGEST_NAME . '}/us', $clean, $found);
    return $found[0];
}

/** The site's name from its settings: the request's is its sender's. */
function site(): string
{
    $host = parse_url(home_url(), PHP_URL_HOST);
    return is_string($host) ? preg_replace('/[^A-Za-z0-9.:-]/', '', $host) : '';
}

/** Writes a line that ends with who it was. */
function tell(string $what): void
{
    $address = $_SERVER['REMOTE_ADDR'] ?? '';
    if (filter_var($address, FILTER_VALIDATE_IP) === false) {
        return;
    }
    openlog('wordpress(' . site() . ')', LOG_PID, LOG_AUTH);
    syslog(LOG_NOTICE, "$what from $address");
    closelog();
}

/** One attempt may fail in two ways, and is told once. */
function failed_login($name): void
{
    static $told = [];
    $name = printable($name);
    if (isset($told[$name])) {
        return;
    }
    $told[$name] = true;
    tell("Authentication failure for $name");
}

/** Whoever logs in, by the form or by XML-RPC: wp_authenticate(). */
\add_action('wp_login_failed', __NAMESPACE__ . '\failed_login');

/** By an application password, at the REST API: its request's name is PHP's. */
\add_action('application_password_failed_authentication', function () {
    failed_login($_SERVER['PHP_AUTH_USER'] ?? '?');
});

/** Before the core's own filter at 10, which takes the number of the error away. */
\add_filter('xmlrpc_pingback_error', function ($error) {
    $code = isset($error->code) ? (int) $error->code : 0;
    if ($code !== ALREADY_REGISTERED) {
        tell("Pingback error $code generated");
    }
    return $error;
}, 5);

\add_action('xmlrpc_call', function ($method) {
    if ($method === 'pingback.ping' && defined('DROPSET_PINGBACK_REQUESTS') && constant('DROPSET_PINGBACK_REQUESTS')) {
        tell('Pingback requested');
    }
});
