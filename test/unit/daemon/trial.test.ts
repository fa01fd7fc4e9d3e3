import t from 'tap';
import { type Config, parseConfig } from '../../../src/config/config.js';
import { Trial } from '../../../src/daemon/trial.js';

const read = (audit: string): Config => parseConfig(`[service]\naudit = "${audit}"\n`, 'dropset.toml');
const [A, B, C] = [read('1m'), read('2m'), read('3m')];

function world(isUndone = false) {
  const done: string[] = [];
  let told = (): void => undefined;
  const isOver = new Promise<void>((resolve) => {
    told = resolve;
  });
  const trial = new Trial({
    clock: () => 1000,
    file: {
      keep: (tried, before) => {
        done.push(`marked ${tried.service.audit} before ${before.service.audit}`);
        return () => done.push('marked as before');
      },
      clear: () => done.push('cleared'),
    },
    row: () => 7,
    hold: (isHeld) => done.push(isHeld ? 'held' : 'let go'),
    over: told,
    isUndone,
  });
  return { trial, done, isOver };
}

t.test('what is to stay stays', async (t) => {
  const { trial, done } = world(true);
  t.same(trial.standing, { state: 'undone', until: null });
  trial.begin(B, A, undefined)();
  t.same([done, trial.standing.state], [[], 'undone'], 'a refused one changes nothing');
  trial.begin(B, A, undefined);
  t.equal(trial.taken(B, undefined), null);
  t.same([done, trial.standing], [['cleared'], { state: 'file', until: null }]);
  t.notOk(trial.confirm());
});

t.test('what is tried is over when its time is, and what was before comes back', async (t) => {
  const { trial, done, isOver } = world();
  trial.begin(B, A, 5);
  t.same(done, ['held', 'marked 120000 before 60000'], 'before anything changes');
  t.equal(trial.taken(B, 5), 1005);
  t.same([trial.standing, trial.due], [{ state: 'trial', until: 1005 }, undefined]);
  await isOver;
  t.same(trial.due, { config: A, row: 7 });
  trial.again(5);
  t.equal(trial.due, undefined);
  trial.undone();
  t.same([trial.standing, trial.due, done.slice(2)], [{ state: 'undone', until: null }, undefined, ['let go']]);
});

t.test('another one while one is tried: the first base, and the time of who says one', async (t) => {
  const { trial, done } = world();
  trial.begin(B, A, 60_000);
  trial.taken(B, 60_000);
  trial.begin(C, B, undefined);
  t.equal(trial.taken(C, undefined), 61_000);
  trial.begin(C, C, 90_000);
  t.equal(trial.taken(C, 90_000), 91_000);
  trial.begin(read('4m'), C, 1000)();
  t.same(trial.standing, { state: 'trial', until: 91_000 }, 'a refused one leaves it as it was');
  t.same(done.slice(2), [
    'marked 180000 before 60000',
    'marked 180000 before 60000',
    'marked 240000 before 60000',
    'marked as before',
  ]);
  t.ok(trial.confirm());
  t.same([trial.standing.state, done.slice(6)], ['file', ['cleared', 'let go']]);
});

t.test('refused at once, or put back by hand, nothing waits', async (t) => {
  const { trial, done } = world();
  trial.begin(B, A, 60_000)();
  t.same(
    [trial.standing.state, done.splice(0)],
    ['file', ['held', 'marked 120000 before 60000', 'marked as before', 'let go']],
  );
  trial.begin(B, A, 60_000);
  trial.taken(B, 60_000);
  trial.begin(A, B, undefined);
  t.equal(trial.taken(A, undefined), null);
  t.same([trial.standing.state, trial.confirm()], ['file', false]);
  trial.begin(B, A, 1);
  trial.taken(B, 1);
  trial.stop();
});
