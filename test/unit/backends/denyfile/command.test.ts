import t from 'tap';
import { run } from '../../../../src/backends/denyfile/command.js';

t.test('what went well says nothing', async (t) => {
  t.equal(await run(['true']), undefined);
  t.equal(
    await run(['sh', '-c', 'test "$(pwd)" = / && test -z "$HOME" && read line; test $? = 1']),
    undefined,
    'no environment, no input',
  );
});

t.test('why it failed, in one line', async (t) => {
  t.equal(
    await run(['sh', '-c', 'echo bad; echo worse >&2; exit 3', 'a\nb']),
    'sh -c echo bad; echo worse >&2; exit 3 a\\u{a}b: it ended with 3: bad / worse',
  );
  t.equal(await run(['sh', '-c', 'kill -TERM $$']), 'sh -c kill -TERM $$: it was ended by SIGTERM');
  t.match(await run(['/nowhere/nothing']), /^\/nowhere\/nothing: spawn \/nowhere\/nothing ENOENT$/);
  const long = await run(['sh', '-c', 'yes | head -c 1000000; exit 1']);
  t.ok(long !== undefined && long.length < 10_000);
});

t.test(
  'what hangs is killed, with all that it started; what goes on in the background is not waited for',
  async (t) => {
    const began = performance.now();
    t.equal(
      await run(['sh', '-c', 'sleep 20 & sleep 20'], 100),
      'sh -c sleep 20 & sleep 20: it had not ended after 0.1 s, or was killed',
    );
    t.equal(await run(['sh', '-c', 'sleep 5 & exit 0']), undefined);
    t.ok(performance.now() - began < 4000);
  },
);
