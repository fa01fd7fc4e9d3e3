import t from 'tap';
import { DateFinder, partOf } from '../../../src/replay/date-finder.js';
import { chunk, jail, line, NOW } from '../../jail.js';
import { Random } from '../../random.js';

const finder = () => new DateFinder(jail('door'), () => NOW);
const at = (seconds: number): number => NOW + seconds * 1000;

t.test('first and last dates', async (t) => {
  const some = chunk(`no date\n${line('a', at(5))}${line('b', at(9))}${line('c', at(7))}\n\nno date\n`);
  t.equal(finder().firstDate(some), at(5));
  t.equal(finder().lastDate(some), at(9), 'the latest of the last ones');
  for (const text of ['', '\n', '\n\n', 'no date\n', '\n'.repeat(500)]) {
    t.equal(finder().firstDate(chunk(text)), undefined, JSON.stringify(text.slice(0, 9)));
    t.equal(finder().lastDate(chunk(text)), undefined);
    t.ok(finder().firstAfter(chunk(text), 0, NOW) <= text.length);
  }
  const timed = chunk('a\nb\nc\n', { times: [at(1), at(3), at(2)] });
  t.same([finder().firstDate(timed), finder().firstDate(timed, 2), finder().lastDate(timed)], [at(1), at(3), at(3)]);
});

t.test('where later lines begin: as a walk from line to line says', async (t) => {
  const random = new Random(5);
  for (let round = 0; round < 200; round++) {
    let now = 0;
    const times: number[] = [];
    const lines = Array.from({ length: 1 + random.below(30) }, () => {
      now += random.below(3);
      times.push(at(now));
      return line('x'.repeat(random.below(40)), at(now));
    });
    const [whole, limit] = [chunk(lines.join('')), at(random.below(40))];
    const from = lines.slice(0, random.below(lines.length)).join('').length;
    let expected = 0;
    for (const [index, one] of lines.entries()) {
      if (expected >= from && (times[index] as number) > limit) break;
      expected += one.length;
    }
    t.equal(finder().firstAfter(whole, from, limit), expected, `round ${round}`);
    const timed = chunk(whole.bytes, { times });
    t.equal(finder().firstAfter(timed, from, limit), expected, `round ${round}, timed`);
    const part = partOf(timed, from, expected);
    t.equal(part.bytes.toString(), lines.join('').slice(from, expected));
    t.equal(part.times?.length ?? lines.length, part.bytes.toString().split('\n').length - 1);
    t.equal(part.offset, from);
  }
});
