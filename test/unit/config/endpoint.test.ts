import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { endpointOf } from '../../../src/config/endpoint.js';

t.test('loopback, with a port', async (t) => {
  t.same(endpointOf('127.0.0.1:9817'), { host: '127.0.0.1', port: 9817 });
  t.same(endpointOf('127.8.8.8:1'), { host: '127.8.8.8', port: 1 });
  t.same(endpointOf('[::1]:65535'), { host: '::1', port: 65_535 });
});

t.test('nothing else, however it is written', async (t) => {
  for (const other of [
    '0.0.0.0:9817',
    '[::]:9817',
    '192.0.2.1:9817',
    '[2001:db8::1]:9817',
    '[::ffff:192.0.2.1]:9817',
    'localhost:9817',
    '128.0.0.1:80',
    '127.1:80',
    '0177.0.0.1:80',
    '127.0.0.1',
    ':9817',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:',
    '127.0.0.1:80:80',
    '127.0.0.1:9817 ',
    '[127.0.0.1]:9817',
    '::1:9817',
    '',
    9817,
    null,
    {},
  ]) {
    t.equal(endpointOf(other), undefined, JSON.stringify(other));
  }
});

t.test('the configuration says why, and the way out', async (t) => {
  const { metrics } = parseSettings('[metrics]\nlisten = "127.0.0.1:9817"', 'dropset.toml');
  t.same(metrics, { listen: { host: '127.0.0.1', port: 9817 } });
  t.same(parseSettings('', 'dropset.toml').metrics, {});
  t.throws(
    () => parseSettings('[metrics]\nlisten = "0.0.0.0:9817"', 'dropset.toml'),
    /dropset\.toml:2: metrics\.listen: found "0\.0\.0\.0:9817"; expected an address of loopback and a port.*in the clear.*a proxy with TLS.*textfile/,
  );
});
