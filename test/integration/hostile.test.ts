import { appendFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { ATTACKER, GUARD, Guarded } from './guarded.js';

const guarded = await Guarded.for(t);

/** The service still does its work: it bans, and drops, and forgives. */
async function works(t: Test): Promise<void> {
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  guarded.dropset('unban', ATTACKER);
  t.ok(await guarded.connect(ATTACKER, GUARD));
}

t.test('a line of a megabyte, invalid UTF-8, NUL bytes, no line break', async (t) => {
  const bad = [
    Buffer.alloc(1024 * 1024, 'x'),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]),
    Buffer.alloc(100_000),
    Buffer.from('sshd[1]: Failed password for \0\0 from 198.51.100.66\0 port 1 ssh2'),
    Buffer.from('sshd[1]: Failed password for root from 999.1.1.1 port 1 ssh2'),
    Buffer.from('\r\r\r'),
  ];
  for (const bytes of bad) appendFileSync(guarded.log, Buffer.concat([bytes, Buffer.from('\n')]));
  await guarded.until('they are read', () => guarded.status().lines >= bad.length);
  t.match(guarded.status().problems.join('\n'), /line of 1048576 bytes, which was cut/, 'the long line is told');
  await works(t);
});

t.test('a log that is truncated, replaced, and gone for a while', async (t) => {
  writeFileSync(guarded.log, '');
  await works(t);
});

/** Sends raw bytes to the socket; answers what came back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(guarded.socket, () => socket.write(bytes));
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', (text) => {
      got += text;
    });
    socket.on('error', () => undefined).on('close', () => resolve(got));
  });
}

t.test('requests that make no sense', async (t) => {
  const post = (body: string): string =>
    `POST /v1/bans HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  t.match(await raw(post('no json')), /400 Bad Request[\s\S]*"code":"request"[\s\S]*no JSON/);
  t.match(await raw(post('{"addresses":"192.0.2.1"}')), /400 Bad Request[\s\S]*addresses/);
  t.match(await raw(post('{"addresses":["192.0.2.1"],"fro":"1h"}')), /400 Bad Request[\s\S]*fro/);
  t.match(await raw(post('{"addresses":["192.0.2.1"],"for":"soon"}')), /400 Bad Request[\s\S]*no duration/);
  t.match(
    await raw('GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    /400 Bad Request[\s\S]*there are GET/,
  );
  t.match(await raw('\0\0\0garbage\r\n\r\n'), /400 Bad Request/);
  t.same(guarded.list(), []);
  await works(t);
});

t.test('wrong words on the command line', async (t) => {
  const code = (...words: string[]): { status: number; stderr: string } => {
    try {
      guarded.dropset(...words);
      return { status: 0, stderr: '' };
    } catch (thrown) {
      return thrown as { status: number; stderr: string };
    }
  };
  t.match(code('ban', 'localhost'), { status: 1, stderr: /"localhost" is no IPv4 or IPv6 address/ });
  t.match(code('ban', '127.0.0.1'), { status: 1, stderr: /127\.0\.0\.1/ });
  t.match(code('ban', '0.0.0.0/0'), { status: 1, stderr: /0\.0\.0\.0\/0/ });
  t.match(code('ban'), { status: 2, stderr: /needs an address/ });
  t.match(code('frobnicate'), { status: 2, stderr: /no command 'frobnicate'/ });
});
