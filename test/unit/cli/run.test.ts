import t from 'tap';
import { type } from '../../terminal.js';

t.test('a command line that makes no sense starts nothing', async (t) => {
  t.match(await type(['run', 'now']), { code: 2, stdout: '', stderr: /^dropset: run takes no 'now'\n/ });
  t.match(await type(['run', '--config']), { code: 2, stdout: '' });
  t.match(await type(['run', '--dry-run=no']), { code: 2, stdout: '' });
});
