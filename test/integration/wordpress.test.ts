import { execFileSync } from 'node:child_process';
import t from 'tap';
import { blamedBy } from '../stock-filter.js';

const PLUGIN = 'docs/integrations/wordpress/dropset.php';

/** An event of WordPress: of an action its first argument, of a pingback the number of its error. */
type Hook = readonly [kind: 'action' | 'pingback', name: string, value: unknown];

interface Told {
  /** What the plugin wrote to /dev/log, as rsyslogd writes it into a file. */
  readonly lines: readonly string[];
  /** What became of each pingback's error. */
  readonly codes: readonly number[];
}

/** Lets PHP run the plugin, in a mount namespace whose /dev/log is the test's own. */
function told(
  hooks: readonly Hook[],
  server: Record<string, string> = { REMOTE_ADDR: '192.0.2.7' },
  define: string[] = [],
): Told {
  const php = ['php', '-n', 'test/integration/wordpress/stubs.php', PLUGIN];
  const printed = execFileSync('unshare', ['-m', 'python3', 'test/integration/wordpress/log.py', ...php], {
    input: JSON.stringify({ define, server, hooks }),
    encoding: 'utf8',
  });
  const { answer, messages } = JSON.parse(printed) as { answer: string; messages: string[] };
  const lines = messages.map((message) => {
    // Facility 4 (auth), severity 5 (notice): RFC 3164, 4.1.1.
    const [, time, rest] = /^<37>(\w{3} [ \d]\d \d\d:\d\d:\d\d) (.*)$/s.exec(message) ?? [];
    return rest === undefined ? `unexpected ${message}` : `${time} gate ${Buffer.from(rest, 'latin1').toString()}`;
  });
  return { lines, codes: JSON.parse(answer) };
}

const login = (name: string | Buffer): Hook => ['action', 'wp_login_failed', Buffer.from(name).toString('base64')];

const texts = ({ lines }: Told): string[] => lines.map((line) => line.replace(/^.*?\[\d+\]: /s, ''));

const blamed = blamedBy('wordpress');

t.test('failed logins, by every entrance', async (t) => {
  const found = told([login('admin'), login('eve'), login('admin')]);
  t.same(texts(found), [
    'Authentication failure for admin from 192.0.2.7',
    'Authentication failure for eve from 192.0.2.7',
  ]);
  for (const line of found.lines) {
    t.match(line, /^\w{3} [ \d]\d \d\d:\d\d:\d\d gate wordpress\(www\.example\.com\)\[\d+\]: /);
    t.equal(blamed(line), '192.0.2.7');
  }
  const rest = { REMOTE_ADDR: '2001:db8::7', PHP_AUTH_USER: 'ann' };
  const app = told([['action', 'application_password_failed_authentication', null]], rest);
  t.same(texts(app), ['Authentication failure for ann from 2001:db8::7']);
  t.equal(blamed(app.lines[0] ?? ''), '2001:db8::7');
});

t.test('a name is one line, and short', async (t) => {
  const names = [
    'x\nAuthentication failure for y from 192.0.2.1',
    'x\r\n\0\u2028\u0085 from 192.0.2.1',
    'x from 192.0.2.1',
    'ö'.repeat(10_000),
    Buffer.from([0x78, 0xff, 0x0a, 0x9b]),
  ];
  const found = told(names.map(login));
  t.equal(found.lines.length, names.length);
  for (const line of found.lines) {
    t.equal(blamed(line), '192.0.2.7', line);
    t.notMatch(line, /[\p{Cc}\u2028\u2029]/u);
  }
  t.match(texts(found), [
    'Authentication failure for x?Authentication failure for y from 192.0.2.1 from 192.0.2.7',
    /^Authentication failure for x\?+ from 192\.0\.2\.1 from 192\.0\.2\.7$/,
    'Authentication failure for x from 192.0.2.1 from 192.0.2.7',
    `Authentication failure for ${'ö'.repeat(60)} from 192.0.2.7`,
    'Authentication failure for x??? from 192.0.2.7',
  ]);
  t.same(texts(told([['action', 'wp_login_failed', ['a']]])), ['Authentication failure for ? from 192.0.2.7']);
});

t.test("errors of pingbacks, before the core's own filter takes their numbers away", async (t) => {
  const errors = [17, 48, 0, 32].map((code): Hook => ['pingback', 'xmlrpc_pingback_error', code]);
  const found = told(errors);
  t.same(
    texts(found),
    [17, 0, 32].map((code) => `Pingback error ${code} generated from 192.0.2.7`),
  );
  t.same(found.codes, [0, 48, 0, 0], 'the sender is told what he would be told without the plugin');
  for (const line of found.lines) t.equal(blamed(line), '192.0.2.7');
});

t.test('requests of pingbacks, where that is wanted', async (t) => {
  const calls: Hook[] = ['pingback.ping', 'wp.getPosts'].map((method) => [
    ...(['action', 'xmlrpc_call'] as const),
    Buffer.from(method).toString('base64'),
  ]);
  t.same(texts(told(calls)), []);
  const found = told(calls, { REMOTE_ADDR: '192.0.2.7' }, ['DROPSET_PINGBACK_REQUESTS']);
  t.same(texts(found), ['Pingback requested from 192.0.2.7']);
  t.equal(blamed(found.lines[0] ?? ''), '192.0.2.7');
});

t.test('without an address nothing is told', async (t) => {
  t.same(texts(told([login('x')], {})), []);
  t.same(texts(told([login('x')], { REMOTE_ADDR: '192.0.2.7 from 192.0.2.1' })), []);
  const forwarded = { REMOTE_ADDR: '192.0.2.7', HTTP_X_FORWARDED_FOR: '192.0.2.1', HTTP_HOST: 'x)[1]: ' };
  t.match(told([login('x')], forwarded).lines, [/gate wordpress\(www\.example\.com\)\[\d+\]: .* from 192\.0\.2\.7$/]);
});
