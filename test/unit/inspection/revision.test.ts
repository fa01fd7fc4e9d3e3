import t from 'tap';
import type { Outcome, Verdict } from '../../../src/inspection/outcome.js';
import { Revision } from '../../../src/inspection/revision.js';

const outcome = (line: number, verdict: Verdict, lines = 1): Outcome => ({
  line,
  text: `line ${line}`,
  verdict,
  hits:
    verdict === 'missed'
      ? []
      : [{ regex: 0, kind: 'failure', id: '192.0.2.1', isName: false, time: 0, groups: {}, lines }],
});

function verdicts(maxlines: number, given: readonly Outcome[]): string {
  const revision = new Revision(maxlines);
  const all = [...given.flatMap((one) => revision.add(one)), ...revision.end()];
  return all.map(({ line, verdict }) => `${line}${verdict[1]}`).join(' ');
}

t.test('where a match is one line, a verdict is final at once', async (t) => {
  const missed = outcome(1, 'missed');
  t.same(new Revision(1).add(missed), [missed]);
});

t.test('lines wait for as many as a match may span', async (t) => {
  const revision = new Revision(3);
  t.same(revision.add(outcome(1, 'missed')), []);
  t.same(revision.add(outcome(2, 'missed')), []);
  t.same(
    revision.add(outcome(3, 'missed')).map(({ line }) => line),
    [1],
  );
  t.same(
    revision.end().map(({ line }) => line),
    [2, 3],
  );
  t.same(revision.end(), []);
});

t.test('a match takes the lines before it along', async (t) => {
  t.equal(verdicts(3, [outcome(1, 'missed'), outcome(2, 'missed'), outcome(3, 'matched', 2)]), '1i 2a 3a');
  t.equal(verdicts(3, [outcome(1, 'missed'), outcome(2, 'missed'), outcome(3, 'matched', 3)]), '1a 2a 3a');
  t.equal(
    verdicts(3, [outcome(1, 'missed'), outcome(2, 'matched'), outcome(3, 'matched', 2)]),
    '1a 2a 3a',
    'missed ones',
  );
  t.equal(verdicts(2, [outcome(1, 'missed'), outcome(2, 'missed'), outcome(3, 'matched', 9)]), '1i 2a 3a', 'that wait');
});
