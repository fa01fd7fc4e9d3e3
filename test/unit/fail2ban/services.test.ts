import { join } from 'node:path';
import t from 'tap';
import { readServices } from '../../../src/fail2ban/services.js';

t.test('names and aliases, the first of a name', async (t) => {
  const text =
    '# services\nssh 2222/tcp\nhttp 80/tcp www # web\nnews 119/tcp\nnews 120/udp\nbroken 1\nlong 123456/tcp\n';
  const services = readServices(join(t.testdir({ services: text }), 'services'));
  const ports = ['ssh', 'http', 'www', 'news', 'broken', 'long', 'https'].map((name) => services.get(name));
  t.same(ports, [2222, 80, 80, 119, undefined, undefined, 443]);
});

t.test('without a file, the common ones', async (t) => {
  t.equal(readServices(join(t.testdir(), 'nothing')).get('imaps'), 993);
});

t.test("the machine's own", async (t) => {
  t.equal(readServices().get('ssh'), 22);
});
