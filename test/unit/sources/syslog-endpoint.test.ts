import t from 'tap';
import { nameOf, parseEndpoint } from '../../../src/sources/syslog-endpoint.js';

t.test('where one can listen', async (t) => {
  const table: [text: string, name: string][] = [
    ['udp://127.0.0.1:5514', 'syslog udp 127.0.0.1:5514'],
    ['udp://127.0.0.1', 'syslog udp 127.0.0.1:514'],
    ['udp://', 'syslog udp 127.0.0.1:514'],
    ['udp://:5514', 'syslog udp 127.0.0.1:5514'],
    ['udp://0.0.0.0', 'syslog udp 0.0.0.0:514'],
    ['tcp://[::1]:601', 'syslog tcp [::1]:601'],
    ['tcp://[::]', 'syslog tcp [::]:601'],
    ['tcp://127.0.0.1:0', 'syslog tcp 127.0.0.1:0'],
    ['unix:///run/dropset/log', 'syslog unix /run/dropset/log'],
  ];
  for (const [text, name] of table) t.equal(nameOf(parseEndpoint(text)), name, text);
});

t.test('where one cannot', async (t) => {
  const texts = [
    '',
    '127.0.0.1:514',
    'udp:127.0.0.1',
    'tls://127.0.0.1',
    'udp://localhost:514',
    'udp://127.1',
    'udp://256.0.0.1',
    'udp://127.0.0.1:65536',
    'udp://127.0.0.1:x',
    'udp://::1',
    'udp://[::1',
    'udp://[127.0.0.1]',
    'udp://[fe80::1%eth0]:514',
    'unix://relative',
    'unix://',
    'unix:///a\0b',
    `unix:///${'a'.repeat(107)}`,
    `udp://[${':'.repeat(10_000)}`,
  ];
  for (const text of texts)
    t.throws(() => parseEndpoint(text), { code: 'source', message: /write udp:/ }, text.slice(0, 50));
});
