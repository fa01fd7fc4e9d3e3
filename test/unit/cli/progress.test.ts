import { Writable } from 'node:stream';
import t from 'tap';
import { Progress } from '../../../src/cli/progress.js';

function shown(isTTY: boolean, work: (progress: Progress, clock: { now: number }) => void): string {
  const written: string[] = [];
  const stderr = new Writable({
    write: (part, _encoding, done) => {
      written.push(String(part));
      done();
    },
  });
  const clock = { now: 0 };
  work(new Progress({ stderr: Object.assign(stderr, { isTTY }) }, () => clock.now), clock);
  return written.join('');
}

const work = (progress: Progress, clock: { now: number }): void => {
  progress.tell(1, 0);
  clock.now = 250;
  progress.tell(2, undefined);
  progress.tell(3, 0.5);
  clock.now = 500;
  progress.tell(4, 0.999);
  progress.clear();
  progress.clear();
};

t.test('one line, written over four times a second at most', async (t) => {
  t.equal(shown(true, work), '\r\u001b[K2 lines ...\r\u001b[K4 lines, 99 % ...\r\u001b[K');
});

t.test('only a terminal is told', async (t) => {
  t.equal(shown(false, work), '');
});
