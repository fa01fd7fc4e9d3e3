import t from 'tap';
import { DropsetError } from '../../../src/model/errors.js';
import { REPORT, startService } from '../../service.js';
import { type } from '../../terminal.js';

t.test('says what came of it', async (t) => {
  const { socket } = await startService(t);
  t.match(await type(['reload', '--socket', socket]), {
    code: 0,
    stdout:
      'jails added: new\njails changed: sshd\nchanged, and needs a restart: backend.table\nnote: mail is not sent\n',
  });
  const { stdout } = await type(['reload', '--json', '--socket', socket]);
  t.same(JSON.parse(stdout), REPORT);
});

t.test('every fault, and exit code 1', async (t) => {
  const reload = async (): Promise<never> => {
    throw new DropsetError('config', 'a:1: wrong\na:2: wrong too');
  };
  const { socket } = await startService(t, { operations: { reload } });
  t.match(await type(['reload', '--socket', socket]), { code: 1, stderr: /a:1: wrong\na:2: wrong too/, stdout: '' });
});

t.test('it takes no words', async (t) => {
  t.match(await type(['reload', 'all']), { code: 2, stderr: /^dropset: reload takes no 'all'\n/ });
});

t.test('for a time, as the service is told', async (t) => {
  const asked: unknown[] = [];
  const until = '2026-01-31T12:00:00.000Z';
  const reload = async (within?: string): Promise<typeof REPORT> => {
    asked.push(within);
    return { ...REPORT, until };
  };
  const { socket } = await startService(t, { operations: { reload } });
  const { stdout } = await type(['reload', '--confirm-within', '60s', '--socket', socket]);
  t.match(stdout, `undone at ${until} unless it is confirmed: dropset confirm\n`);
  await type(['reload', '--socket', socket]);
  t.same(asked, ['60s', undefined]);
  const { socket: other } = await startService(t);
  t.match(await type(['reload', '--confirm-within', '2d', '--socket', other]), { code: 1, stderr: /1s to 1d/ });
});
