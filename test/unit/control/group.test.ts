import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { gidOf } from '../../../src/control/group.js';
import { startService } from '../../service.js';

t.test('groups by their names', async (t) => {
  t.equal(gidOf('root'), 0);
  t.equal(gidOf('nogroup'), Number(execFileSync('getent', ['group', 'nogroup'], { encoding: 'utf8' }).split(':')[2]));
});

t.test('one that is not there', async (t) => {
  for (const name of ['no-such-group', '', 'roo', 'root:x', '--help']) {
    t.throws(() => gidOf(name), { code: 'config', message: /^there is no group '.*': make it/ }, name);
  }
});

/** Asks for the status, and prints the answer's status or the error's code. */
const ASK = `require('node:http')
  .get({ socketPath: process.argv[1], path: '/v1/status' }, (answer) => { console.log(answer.statusCode); answer.resume(); })
  .on('error', (error) => console.log(error.code));`;

t.test('its members may use the socket, others may not', async (t) => {
  const gid = gidOf('nogroup');
  const { socket } = await startService(t, { server: { gid } });
  chmodSync(dirname(socket), 0o755);
  const { mode, gid: group } = statSync(socket);
  t.same([mode & 0o777, group], [0o660, gid]);
  const asked = async (number: number): Promise<string> => {
    const words = [
      '--reuid',
      '65533',
      '--regid',
      String(number),
      '--clear-groups',
      process.execPath,
      '-e',
      ASK,
      socket,
    ];
    return (await promisify(execFile)('setpriv', words)).stdout.trim();
  };
  t.equal(await asked(gid), '200');
  t.equal(await asked(65_533), 'EACCES');
});
