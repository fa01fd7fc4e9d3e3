import t from 'tap';
import { Secondaries } from '../../../src/daemon/secondaries.js';
import type { Secondary } from '../../../src/daemon/secondary.js';
import { Prefix } from '../../../src/model/prefix.js';

/** Writes down what it is asked. */
function standIn(done: string[], name: string): Secondary {
  const note = (what: string) => async (): Promise<undefined> => void done.push(`${name} ${what}`);
  return {
    begin: note('begin'),
    take: note('take'),
    takeBare: note('bare'),
    clear: note('clear'),
    allow: note('allow'),
    pace: note('pace'),
    report: note('report'),
    stop: note('stop'),
  } as unknown as Secondary;
}

t.test('all are asked', async (t) => {
  const done: string[] = [];
  const all = new Secondaries([standIn(done, 'a'), standIn(done, 'b')]);
  all.begin(1);
  await all.take([]);
  all.takeBare([]);
  await all.clear();
  all.pace(null);
  await all.reports();
  await all.stop();
  const words = ['begin', 'take', 'bare', 'clear', 'pace', 'report', 'stop'];
  t.same(
    done,
    words.flatMap((word) => [`a ${word}`, `b ${word}`]),
  );
});

t.test('who passes is decided by the first backend', async (t) => {
  const done: string[] = [];
  const all = new Secondaries([standIn(done, 'a')]);
  const prefixes = [Prefix.parse('192.0.2.1')];
  await all.behind({ allow: async (given) => void done.push(`first ${given}`) }).allow(prefixes);
  t.same(done, ['first 192.0.2.1', 'a allow']);
  const refusing = { allow: () => Promise.reject(new Error('no')) };
  await t.rejects(all.behind(refusing).allow(prefixes), { message: 'no' });
  t.equal(done.length, 2);
});
