import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import t from 'tap';
import { startWatch } from '../../../src/sources/watch.js';
import { at } from './followed.js';

/** Set in a process that has a limit on inotify: it has to be born in the user namespace that the limit is for. */
const LIMIT = process.env.DROPSET_TEST_LIMIT;

const nothing = (): void => undefined;

/** This test again, in a user namespace with a limit of its own. */
function limited(name: string, limit: string): { stdout: string } {
  const script = `echo 0 > /proc/sys/user/${name} && exec "$@"`;
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, DROPSET_TEST_LIMIT: limit };
  return spawnSync('unshare', ['--user', '--map-root-user', 'sh', '-c', script, 'sh', ...words], {
    env,
    encoding: 'utf8',
  });
}

if (LIMIT) {
  const message = new RegExp(`^/ cannot be watched: ${LIMIT}.* is exhausted; raise it with sysctl -w$`);
  t.throws(() => startWatch('/', nothing, nothing), { code: 'source', message }, 'the limit is named');
} else {
  t.test('events of a path', async (t) => {
    const path = at(t);
    const heard = new Promise((resolve) => {
      const watcher = startWatch(path, (kind, name) => resolve([kind, name]), nothing);
      t.teardown(() => watcher.close());
    });
    appendFileSync(path, 'a\n');
    t.same(await heard, ['change', 'log']);
  });

  t.test('what is not there', async (t) => {
    t.throws(() => startWatch(at(t, {}), nothing, nothing), { code: 'ENOENT' });
  });

  t.test('limits of the kernel are named, with the way out', async (t) => {
    t.match(limited('max_inotify_watches', 'fs.inotify.max_user_watches'), { stdout: /^ok 1 - the limit is named/m });
    t.match(limited('max_inotify_instances', 'fs.inotify.max_user_instances'), {
      stdout: /^ok 1 - the limit is named/m,
    });
  });
}
