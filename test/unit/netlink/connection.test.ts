import { execFileSync } from 'node:child_process';
import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import * as p from '../../../src/backends/nftables/protocol.js';
import { question, Transaction } from '../../../src/backends/nftables/transaction.js';
import { byType, text } from '../../../src/netlink/attributes.js';
import { Connection } from '../../../src/netlink/connection.js';
import { Encoder } from '../../../src/netlink/encoder.js';
import type { Message } from '../../../src/netlink/messages.js';
import {
  NETLINK_NETFILTER,
  NETLINK_ROUTE,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REQUEST,
} from '../../../src/netlink/protocol.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

/** What an error with that errno looks like; tap's types know nothing of an error's other properties. */
const withErrno = (errno: number): Error => ({ errno }) as unknown as Error;

const nft = (script: string): string => execFileSync('nft', ['-f', '-'], { input: script, encoding: 'utf8' });
const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** A listener's descriptor is closed when the event loop has let go of it. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

t.test('asks, and reads the answer', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  t.ok(connection.portid > 0);
  const answers = await connection.request(
    'generation',
    question(p.GETGEN, 0, connection.nextSequence(), () => undefined),
  );
  t.equal(answers.length, 1);
  t.equal(answers[0]?.type, p.messageType(p.NEWGEN));
});

t.test('silence is no consent', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const ask = (flags: number): Buffer => question(p.GETGEN, flags, connection.nextSequence(), () => undefined);
  await t.resolves(connection.acknowledged('asked for', ask(NLM_F_ACK)));
  await t.rejects(connection.acknowledged('not asked for', ask(0)), withErrno(105));
});

t.test('any protocol: links by rtnetlink', async (t) => {
  const connection = Connection.open(NETLINK_ROUTE);
  t.teardown(() => connection.close());
  const RTM_GETLINK = 18;
  const encoder = new Encoder();
  encoder
    .message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, connection.nextSequence())
    .raw(...new Array(16).fill(0))
    .endMessage();
  const names: string[] = [];
  for await (const { payload } of connection.dump('links', encoder.bytes))
    names.push(text(byType(payload, 16).get(3) as Buffer));
  t.same(names, ['lo']);
});

t.test('a refusal has operation, errno, sequence number and the place', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const sequence = connection.nextSequence();
  const ask = question(p.GETTABLE, 0, sequence, (encoder) => encoder.string(p.TABLE.NAME, 'nobody'));
  const { answers, failure } = await connection.ask('get table', ask);
  t.equal(answers.length, 1);
  t.match(failure, { operation: 'get table', errno: 2, sequence, offset: 20 });
  t.match(failure?.message, /netlink get table: no such file or directory \(ENOENT\)/);
  await t.rejects(connection.request('get table', ask), withErrno(2));
});

t.test('a dump of many parts, read to its end and left in the middle', async (t) => {
  nft('add table inet t\nadd set inet t s { type ipv4_addr; }');
  const elements = Array.from({ length: 20_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  nft(`add element inet t s { ${elements.join(', ')} }`);
  const connection = Connection.open(NETLINK_NETFILTER);
  const ask = (): Buffer =>
    question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, 't').string(p.ELEMS.SET, 's');
    });
  let parts = 0;
  for await (const message of connection.dump('dump', ask())) {
    t.equal(message.type, p.messageType(p.NEWSETELEM));
    parts++;
  }
  t.ok(parts > 10, `${parts} parts`);
  for await (const _ of connection.dump('dump', ask())) break;
  connection.close();
});

t.test('a request that is larger than the send buffer is refused', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER, { sendBuffer: 8192, receiveBuffer: 8192 });
  t.teardown(() => connection.close());
  await t.rejects(connection.request('large', Buffer.alloc(connection.largestRequest + 1)), withErrno(90));
  await t.resolves(connection.ask('fits', Buffer.alloc(connection.largestRequest)));
});

t.test('losing answers is told, not hidden', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER, { receiveBuffer: 1 });
  t.teardown(() => connection.close());
  const encoder = new Encoder();
  for (let i = 0; i < 500; i++) {
    encoder
      .message(p.messageType(p.GETTABLE), NLM_F_REQUEST, i + 1)
      .raw(1, 0, 0, 0)
      .string(p.TABLE.NAME, 't')
      .endMessage();
  }
  const { failure } = await connection.ask('many', encoder.bytes);
  t.equal(failure?.errno, 105);
});

t.test('listens to a multicast group', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  const heard = new Promise<readonly Message[] | null>((resolve) => connection.listen([p.NFNLGRP_NFTABLES], resolve));
  nft('add table inet heard');
  const found = await heard;
  t.ok(found?.some(({ type }) => type === p.messageType(p.NEWTABLE)));
  t.throws(() => connection.listen([p.NFNLGRP_NFTABLES], () => undefined), withErrno(16));
  connection.close();
});

t.test('a socket that an earlier process left is taken over, with its port and what it owns', async (t) => {
  const OWNED = 0x2 | 0x4;
  const script = `
    import { createRequire } from 'node:module';
    import { spawn } from 'node:child_process';
    const native = createRequire(import.meta.url)(${JSON.stringify(join(process.cwd(), 'build/Release/dropset.node'))});
    const channel = native.open(${NETLINK_NETFILTER}, 65536, 65536);
    await native.exchange(channel, Buffer.from(process.argv[1], 'hex'), 0xffffffff);
    // What nobody has read yet when the socket changes hands: a dump in its middle.
    await native.exchange(channel, Buffer.from(process.argv[2], 'hex'), 1);
    spawn(process.execPath, process.argv.slice(3), { stdio: ['inherit', 'inherit', 'inherit', channel.descriptor] });`;
  let sequence = 0;
  const transaction = new Transaction(new Encoder(), () => ++sequence);
  transaction.add(p.NEWTABLE, NLM_F_CREATE, (encoder) =>
    encoder.string(p.TABLE.NAME, 'kept').u32(p.TABLE.FLAGS, OWNED),
  );
  const own = transaction.finish().toString('hex');
  nft('add table inet many');
  nft(Array.from({ length: 3000 }, (_, index) => `add chain inet many c${index}`).join('\n'));
  const dump = question(p.GETCHAIN, NLM_F_DUMP, 77, () => undefined).toString('hex');
  const next = `
    const { Connection } = await import(${JSON.stringify(join(process.cwd(), 'dist/netlink/connection.js'))});
    const { question, Transaction } = await import(${JSON.stringify(join(process.cwd(), 'dist/backends/nftables/transaction.js'))});
    const { Encoder } = await import(${JSON.stringify(join(process.cwd(), 'dist/netlink/encoder.js'))});
    const connection = await Connection.adopt(${NETLINK_NETFILTER}, 3);
    const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
    transaction.add(${p.NEWCHAIN}, ${NLM_F_CREATE}, (encoder) => encoder.string(1, 'kept').string(3, 'ours'));
    await connection.acknowledged('add chain', transaction.finish());
    const answers = await connection.request('get', question(${p.GETGEN}, 0, connection.nextSequence(), () => undefined));
    const { readFileSync } = await import('node:fs');
    const flags = readFileSync('/proc/self/fdinfo/3', 'utf8').match(/flags:\\s*(\\d+)/)[1];
    console.log(JSON.stringify([answers.length, connection.descriptor, connection.portid > 0, (parseInt(flags, 8) & 0o2000000) !== 0]));
    connection.close();`;
  const printed = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', script, own, dump, '--input-type=module', '-e', next],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  t.same(JSON.parse(printed), [1, 3, true, true], 'the owner may change it; no child inherits it again');
  t.match(execFileSync('nft', ['list', 'table', 'inet', 'kept'], { encoding: 'utf8' }), /chain ours/);
});

t.test('one of another network namespace, or of another protocol, is not taken over', async (t) => {
  const before = descriptors();
  const script = `
    import { createRequire } from 'node:module';
    import { spawnSync } from 'node:child_process';
    const native = createRequire(import.meta.url)(${JSON.stringify(join(process.cwd(), 'build/Release/dropset.node'))});
    const channel = native.open(${NETLINK_NETFILTER}, 65536, 65536);
    const next = 'const native = require(process.argv[1]);'
      + 'try { native.adopt(3, Number(process.argv[2]), 1, 1); console.log("adopted"); } catch (e) { console.log(e.errno); }';
    for (const [before, protocol] of [[['unshare', '--net'], ${NETLINK_NETFILTER}], [['env'], ${NETLINK_ROUTE}], [['env'], ${NETLINK_NETFILTER}]]) {
      const words = [...before.slice(1), process.execPath, '-e', next, ${JSON.stringify(join(process.cwd(), 'build/Release/dropset.node'))}, protocol];
      spawnSync(before[0], words, { stdio: ['ignore', 'inherit', 'inherit', channel.descriptor] });
    }`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  t.same(printed.trim().split('\n'), ['18', '88', 'adopted']);
  await t.rejects(Connection.adopt(NETLINK_NETFILTER, openSync('/dev/null', 'r')), withErrno(88));
  t.equal(descriptors(), before);
});

t.test('who is ignored is not heard, and everybody else is', async (t) => {
  const [ours, theirs] = [Connection.open(NETLINK_NETFILTER), Connection.open(NETLINK_NETFILTER)];
  const listener = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => [ours, theirs, listener].map((connection) => connection.close()));
  const heard: string[] = [];
  listener.listen(
    [p.NFNLGRP_NFTABLES],
    (found) => {
      for (const { type, payload } of found ?? [])
        if (type === p.messageType(p.NEWTABLE))
          heard.push(text(byType(payload, p.NFGENMSG).get(p.TABLE.NAME) as Buffer));
    },
    ours,
  );
  for (const [connection, name] of [
    [ours, 'ours1'],
    [theirs, 'theirs1'],
    [ours, 'ours2'],
    [theirs, 'theirs2'],
  ] as const) {
    const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
    transaction.add(p.NEWTABLE, NLM_F_CREATE, (encoder) => encoder.string(p.TABLE.NAME, name));
    await connection.acknowledged('add table', transaction.finish());
  }
  nft('add table inet last');
  while (!heard.includes('last')) await settled();
  t.same(heard, ['theirs1', 'theirs2', 'last']);
});

t.test('a listener that is overrun hears null, and then hears on', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER, { receiveBuffer: 1 });
  const heard: (readonly Message[] | null)[] = [];
  const overrun = new Promise<void>((resolve) => {
    connection.listen([p.NFNLGRP_NFTABLES], (found) => {
      heard.push(found);
      if (found === null) resolve();
    });
  });
  nft(Array.from({ length: 200 }, (_, index) => `add table inet t${index}`).join('\n'));
  await overrun;
  t.equal(heard.at(-1), null, 'what waited is lost with it');
  nft('add table inet behind');
  while (heard.at(-1) === null) await settled();
  connection.close();
});

t.test('closing: twice is once, and afterwards nothing works', async (t) => {
  await settled();
  const before = descriptors();
  const connection = Connection.open(NETLINK_NETFILTER);
  connection.close();
  connection.close();
  t.equal(descriptors(), before);
  await t.rejects(connection.request('closed', Buffer.alloc(16)), withErrno(9));
  t.throws(() => connection.listen([1], () => undefined), withErrno(9));
});

t.test('closing under a running request waits for it', async (t) => {
  await settled();
  const before = descriptors();
  const connection = Connection.open(NETLINK_NETFILTER);
  const asked = connection.request(
    'generation',
    question(p.GETGEN, 0, 1, () => undefined),
  );
  connection.close();
  t.equal((await asked).length, 1);
  t.equal(descriptors(), before, 'and then the descriptor is gone');
});

t.test('an unknown protocol or group', async (t) => {
  t.throws(() => Connection.open(77), withErrno(93));
  const connection = Connection.open(NETLINK_NETFILTER);
  t.throws(() => connection.listen([4096], () => undefined), withErrno(22));
  connection.close();
});
