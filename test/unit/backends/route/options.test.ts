import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { PRIORITY, PROTOCOL } from '../../../../src/backends/route/options.js';

t.test('nobody else has the protocol’s number, where iproute2 knows names', async (t) => {
  const files = ['/etc/iproute2/rt_protos', '/usr/share/iproute2/rt_protos'].filter((path) => existsSync(path));
  const numbers = files.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => /^(\d+)\s/.exec(line)?.[1] ?? []),
  );
  t.notOk(numbers.includes(String(PROTOCOL)));
  t.ok(PRIORITY > 0 && PRIORITY < 1000, 'behind local, before the rule of VRFs (l3mdev, 1000)');
});
