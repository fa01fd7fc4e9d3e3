import { Readable, Writable } from 'node:stream';
import t from 'tap';
import { complain, print, type Surroundings, UsageError } from '../../../src/cli/command.js';

function surroundings() {
  const written: string[] = [];
  const paper = (name: string): Writable =>
    new Writable({
      write: (part, _encoding, done) => {
        written.push(`${name} ${part}`);
        done();
      },
    });
  const made: Surroundings = { stdin: Readable.from([]), stdout: paper('out'), stderr: paper('err'), environment: {} };
  return { written, made };
}

t.test('answers go to standard output, complaints to standard error under our name', async (t) => {
  const { written, made } = surroundings();
  print(made, 'banned');
  complain(made, 'no service');
  t.same(written, ['out banned\n', 'err dropset: no service\n']);
});

t.test('a usage error is told from others by its class', async (t) => {
  t.ok(new UsageError('x') instanceof Error);
  t.equal(new UsageError('x').name, 'UsageError');
});
