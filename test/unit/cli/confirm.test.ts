import t from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

t.test('bans that wait are confirmed, and those that were lifted are not', async (t) => {
  const { socket, ledger } = await startService(t);
  t.match(await type(['--socket', socket, 'confirm']), {
    code: 1,
    stderr: /no ban and no configuration waits to be confirmed/,
  });
  const ban = await type(['--socket', socket, 'ban', '192.0.2.7', '192.0.2.8', '192.0.2.9', '--confirm-within', '60s']);
  t.match(ban, { code: 0, stdout: /banned 192\.0\.2\.7 until .*\nto let that stay: dropset confirm\n$/s });
  await type(['--socket', socket, 'unban', '192.0.2.9']);
  t.match(await type(['--socket', socket, 'confirm']), {
    code: 0,
    stdout: 'confirmed 192.0.2.7: banned for ever\nconfirmed 192.0.2.8: banned for ever\n',
  });
  t.same(
    [...ledger.bans()].flat().map(({ prefix, jail, until }) => [prefix.text, jail, until]),
    [
      ['192.0.2.7', 'manual', null],
      ['192.0.2.8', 'manual', null],
    ],
  );
});

t.test('as JSON, and wrong usage', async (t) => {
  const { socket } = await startService(t);
  await type(['--socket', socket, 'ban', '192.0.2.7', '--for', '1h', '--confirm-within', '60s']);
  const { stdout } = await type(['--socket', socket, 'confirm', '--json']);
  t.match(JSON.parse(stdout), { results: [{ address: '192.0.2.7', until: String }], configuration: false });
  t.match(await type(['--socket', socket, 'confirm', 'x']), { code: 2 });
  t.match(await type(['--socket', socket, 'ban', '-', '--confirm-within', '60s']), { code: 2, stderr: /not -/ });
  t.match(await type(['--socket', socket, 'ban', '192.0.2.7', '--confirm-within', '2d']), {
    code: 1,
    stderr: /1s to 1d/,
  });
});

t.test('a configuration, and what the kernel refuses', async (t) => {
  const error = { code: 'kernel', message: 'no room' };
  const confirm = async () => ({ results: [{ address: '192.0.2.7', error }], configuration: true });
  const { socket } = await startService(t, { operations: { confirm } });
  t.match(await type(['--socket', socket, 'confirm']), {
    code: 1,
    stdout: 'confirmed: the configuration stays in force\n',
    stderr: /192\.0\.2\.7: no room/,
  });
});
