import t from 'tap';
import { METRICS, startService } from '../../service.js';
import { type } from '../../terminal.js';

t.test('as Prometheus reads it, and as JSON', async (t) => {
  const { socket } = await startService(t);
  t.same(await type(['metrics', '--socket', socket]), { code: 0, stdout: await METRICS.text(), stderr: '' });
  const { code, stdout } = await type(['metrics', '--json', '--socket', socket]);
  t.equal(code, 0);
  t.same(JSON.parse(stdout), await METRICS.json());
});

t.test('it takes no words', async (t) => {
  t.match(await type(['metrics', 'sshd']), { code: 2, stderr: /^dropset: metrics takes no 'sshd'\n/ });
});
