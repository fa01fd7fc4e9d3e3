import t from 'tap';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

t.test('all is well', async (t) => {
  const { socket, client } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '2001:db8::1'] });
  t.same(await type(['verify', '--socket', socket]), {
    code: 0,
    stdout: 'compared 2 elements: the kernel holds what the ledger says\n',
    stderr: '',
  });
});

t.test('what differs is named, and exit code 1, once', async (t) => {
  const { socket, client, backend } = await startService(t);
  await client.ban({ addresses: ['192.0.2.7', '2001:db8::1'] });
  await backend.apply(new Batch([{ verb: 'remove', prefix: Prefix.parse('192.0.2.7') }], Date.now()));
  t.same(await type(['verify', '--socket', socket]), {
    code: 1,
    stdout: 'compared 2 elements: 1 differed, 1 were repaired\n  192.0.2.7 was missing\n',
    stderr: '',
  });
  const again = await type(['verify', '--json', '--socket', socket]);
  t.equal(again.code, 0);
  t.same(JSON.parse(again.stdout), {
    checked: 2,
    of: 2,
    differed: 0,
    repaired: 0,
    faults: [],
    examples: [],
    done: true,
  });
});

const END = { checked: 5, of: 5, differed: 0, repaired: 0, faults: [], examples: [], done: true };

t.test('a frame that was wrong, and what could not be repaired', async (t) => {
  for (const [end, stdout, stderr] of [
    [
      { faults: ['table inet dropset is gone'] },
      /^table inet dropset is gone: repaired\ncompared 5 elements: the kernel holds/,
      /^$/,
    ],
    [
      { differed: 3, repaired: 1 },
      /3 differed, 1 were repaired/,
      /^dropset: 2 could not be repaired: see dropset status\n$/,
    ],
  ] as const) {
    const verify = async function* () {
      yield { ...END, ...end };
    };
    const { socket } = await startService(t, { operations: { verify } });
    t.match(await type(['verify', '--socket', socket]), { code: 1, stdout, stderr });
  }
});

t.test('a terminal sees how far it is', async (t) => {
  const verify = async function* () {
    yield { ...END, checked: 2, done: false };
    yield END;
  };
  const { socket } = await startService(t, { operations: { verify } });
  const { stderr } = await type(['verify', '--socket', socket], { isTTY: true });
  t.match(stderr, /2 of 5 compared \.\.\./);
  t.ok(stderr.endsWith('\r\u001b[K'));
});

t.test('it takes no words', async (t) => {
  t.match(await type(['verify', 'all']), { code: 2, stderr: /^dropset: verify takes no 'all'\n/ });
});
