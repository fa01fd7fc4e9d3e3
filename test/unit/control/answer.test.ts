import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { json, lineOf, write } from '../../../src/control/answer.js';
import { shortDirectory } from '../../service.js';

/** One request, answered so. */
async function asked(t: Test, answer: (response: ServerResponse) => unknown) {
  const path = join(shortDirectory(t), 's');
  const server = createServer((_request, response) => void answer(response));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const outgoing = request({ agent: false, socketPath: path }).end();
  outgoing.on('error', () => {});
  const [response] = await once(outgoing, 'response');
  return response;
}

t.test('one value', async (t) => {
  const response = await asked(t, (answer) => json(answer, { a: 1 }));
  t.equal(response.headers['content-type'], 'application/json');
  t.equal(await text(response), '{"a":1}\n');
});

t.test('a line for each value, whatever is in it', async (t) => {
  t.equal(lineOf({ a: 'b\nc' }), '{"a":"b\\nc"}\n');
});

t.test('a slow reader is waited for, and one that has gone is an error', async (t) => {
  let written = 0;
  let failed: Promise<unknown> | undefined;
  const response = await asked(t, (answer) => {
    failed = (async () => {
      for (;;) {
        await write(answer, 'x'.repeat(65_536));
        written++;
      }
    })().catch((thrown) => thrown);
  });
  await once(response, 'readable');
  for (let before = -1; before !== written; ) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.ok(written < 100, `${written} pieces before anybody reads`);
  response.destroy();
  t.match(await failed, { code: 'request', message: 'the client has gone' });
});
