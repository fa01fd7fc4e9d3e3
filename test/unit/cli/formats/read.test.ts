import t from 'tap';
import { guess, linesOf } from '../../../../src/cli/formats/read.js';

async function lines(bytes: Buffer | string, format?: 'plain' | 'json' | 'csv', size = 7): Promise<string> {
  async function* parts() {
    const whole = Buffer.from(bytes);
    for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
  }
  let text = '';
  for await (const part of linesOf(parts(), format)) text += part;
  return text;
}

t.test('what a list looks like', async (t) => {
  for (const text of ['[', '[\n', '{"address"', '\n\n  [']) t.equal(guess(text), 'json', text);
  for (const text of ['address', 'a,address,b\r\n', '"address","jail"\n']) t.equal(guess(text), 'csv', text);
  for (const text of ['# x\n\n;y\nip,count\n', '#x\n"first","CIDR"\n']) t.equal(guess(text), 'csv', text);
  t.equal(guess('# x\n{'), 'json');
  for (const text of ['<!DOCTYPE html>\n', '\n  <html>']) {
    t.throws(() => guess(text), { code: 'request', message: /is a page of HTML or XML: import/ });
  }
  for (const text of ['', '192.0.2.7\n', '192.0.2.7,sshd\n', '# address\n', 'addresses\n', '# a, address, b\n'])
    t.equal(guess(text), 'plain', text);
});

t.test('an entry stands in the line of its number', async (t) => {
  t.equal(await lines('# x\n\n192.0.2.7\n192.0.2.8'), '\n\n{"address":"192.0.2.7"}\n{"address":"192.0.2.8"}\n');
  t.equal(await lines('address\n\n192.0.2.7'), '\n\n{"address":"192.0.2.7"}\n');
  t.equal(await lines('[\n\n{"address":\n"192.0.2.7"}]'), '{"address": "192.0.2.7"}\n');
  t.equal(await lines(''), '');
});

t.test('the format that is asked for goes before what it looks like', async (t) => {
  t.equal(await lines('[\n', 'plain'), '{"address":"["}\n');
  await t.rejects(lines('192.0.2.7', 'csv'), { code: 'request' });
});

t.test('a byte order mark, and characters that are cut', async (t) => {
  for (const size of [1, 2, 3, 100]) {
    t.equal(
      await lines('\ufeffaddress,reason\n192.0.2.7,☃é', undefined, size),
      '\n{"address":"192.0.2.7","reason":"☃é"}\n',
    );
  }
});
