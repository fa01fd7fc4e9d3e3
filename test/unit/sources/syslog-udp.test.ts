import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { Bell } from '../../../src/sources/bell.js';
import { Intake, type IntakeOptions } from '../../../src/sources/syslog-intake.js';
import { openUdp } from '../../../src/sources/syslog-udp.js';

interface Opened {
  readonly intake: Intake;
  readonly bell: Bell;
  readonly kinds: string[];
  send(text: string): Promise<void>;
}

async function opened(t: Test, host: string, options: Partial<IntakeOptions> = {}): Promise<Opened> {
  const bell = new Bell();
  const kinds: string[] = [];
  const intake = new Intake({
    name: 'syslog',
    maxLine: 65_536,
    allow: undefined,
    clock: () => 0,
    onEvent: ({ kind }) => kinds.push(kind),
    bell,
    ...options,
  });
  const endpoint = await openUdp({ kind: 'udp', host, port: 0 }, intake);
  const sender = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  sender.connect(endpoint.port as number, host);
  await once(sender, 'connect');
  t.teardown(() => {
    endpoint.close();
    sender.close();
  });
  const send = (text: string): Promise<void> => new Promise((resolve) => sender.send(text, () => resolve()));
  return { intake, bell, kinds, send };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

t.test('a datagram is a message', async (t) => {
  for (const host of ['127.0.0.1', '::1']) {
    const { intake, bell, send } = await opened(t, host);
    await send('<38>sshd[1]: x\n');
    await bell.wait();
    t.equal(intake.take()?.bytes.toString(), `${host} sshd[1]: x\n`);
  }
});

t.test('who may not send is not heard', async (t) => {
  const { intake, kinds, send } = await opened(t, '127.0.0.1', { allow: [Prefix.parse('192.0.2.0/24')] });
  await send('<38>sshd[1]: x');
  await until(() => kinds.length > 0);
  t.same(kinds, ['refused']);
  t.equal(intake.take(), undefined);
});

t.test('what nobody takes is lost, and told; the kernel is asked now and then', async (t) => {
  let now = 0;
  const { intake, kinds, send } = await opened(t, '127.0.0.1', { clock: () => now });
  for (let i = 0; i < 30; i++) await send('x'.repeat(50_000));
  await until(() => kinds.includes('lost'));
  t.ok((intake.take()?.bytes.length ?? 0) < 1_200_000);
  now = 20_000;
  await send('late');
  await until(() => (intake.take()?.bytes.toString() ?? '').includes('late'));
});

t.test('an address that is not here', async (t) => {
  const intake = new Intake({
    name: 'syslog',
    maxLine: 1,
    allow: undefined,
    clock: () => 0,
    onEvent: () => undefined,
    bell: new Bell(),
  });
  await t.rejects(openUdp({ kind: 'udp', host: '192.0.2.1', port: 0 }, intake), { code: 'EADDRNOTAVAIL' });
});
