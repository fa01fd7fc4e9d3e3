import { spawn } from 'node:child_process';
import t from 'tap';
import { byType, text } from '../../../src/netlink/attributes.js';
import { Connection } from '../../../src/netlink/connection.js';
import type { Message } from '../../../src/netlink/messages.js';
import { NETLINK_ROUTE, NLM_F_DUMP_INTR } from '../../../src/netlink/protocol.js';
import { dumpAll } from '../../../src/rtnetlink/dump.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

const LINKS = { operation: 'links', type: 18, header: new Array<number>(16).fill(0) };

const nameOf = ({ payload }: Message): string => text(byType(payload, 16).get(3) as Buffer);

t.test('all that reads as something', async (t) => {
  const connection = Connection.open(NETLINK_ROUTE);
  t.teardown(() => connection.close());
  t.same(await dumpAll(connection, LINKS, nameOf), ['lo']);
  t.same(await dumpAll(connection, LINKS, () => undefined), []);
});

t.test('interfaces that come and go meanwhile: asked again, so that none of the others is missing', async (t) => {
  for (let i = 0; i < 100; i++) ip(`link add v${i} type veth peer name w${i}`);
  const churn = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'inherit', 'inherit'] });
  churn.stdin.end('link add churn type bridge\nlink del churn\n'.repeat(40));
  const connection = Connection.open(NETLINK_ROUTE);
  t.teardown(() => connection.close());
  const expected = await dumpAll(connection, LINKS, nameOf);
  let interrupted = 0;
  while (churn.exitCode === null) {
    const names = await dumpAll(connection, LINKS, (message) => {
      if (message.flags & NLM_F_DUMP_INTR) interrupted++;
      return nameOf(message);
    });
    const found = new Set(names);
    t.ok(expected.every((name) => name === 'churn' || found.has(name)));
  }
  t.ok(interrupted > 0, 'the kernel interrupted a dump');
});
