import t from 'tap';
import { addon, BpfError, call } from '../../../src/bpf/failure.js';
import { xdpNative } from '../../../src/native.js';

t.test('the addon is the same one each time', async (t) => {
  t.equal(addon(), xdpNative());
});

t.test('a refusal says what was tried, and why not', async (t) => {
  const refused = (): unknown => call('opening a pin', (native) => native.openPin('/proc/none'));
  t.throws(refused, { name: 'BpfError', message: /^opening a pin: ENOENT \(No such file/, errno: 2, log: '' });
  try {
    call('loading', (native) => native.load('/proc/self/cmdline', {}, {}, true, 'dropset'));
    t.fail('that is no object file');
  } catch (thrown) {
    t.type(thrown, BpfError);
    t.match((thrown as BpfError).log, /libbpf/);
    t.match((thrown as BpfError).cause, { syscall: 'open' });
  }
});

t.test('a mistake of the caller stays one', async (t) => {
  t.throws(() => call('testing', (native) => native.close(Number.NaN)), TypeError);
  t.equal(
    call('testing', () => 7),
    7,
  );
});
