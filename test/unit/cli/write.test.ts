import { Readable, Writable } from 'node:stream';
import t from 'tap';
import { write } from '../../../src/cli/write.js';

t.test('it waits where the reader is slow', async (t) => {
  let taken = 0;
  const stdout = new Writable({
    highWaterMark: 4,
    write: (part: Buffer, _encoding, done) => {
      setImmediate(() => {
        taken += part.length;
        done();
      });
    },
  });
  const surroundings = { stdin: Readable.from([]), stdout, stderr: new Writable(), environment: {} };
  await write(surroundings, 'abc');
  t.equal(taken, 0, 'there is room for more');
  await write(surroundings, 'defgh');
  t.equal(taken, 8);
});
