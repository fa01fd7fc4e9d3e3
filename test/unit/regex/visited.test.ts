import t from 'tap';
import { assemble } from '../../../src/regex/assemble.js';
import { parse } from '../../../src/regex/parse.js';
import type { Program } from '../../../src/regex/program.js';
import { Visited } from '../../../src/regex/visited.js';

const program = (pattern: string): Program => assemble(parse(pattern)) as Program;
const slots = Int32Array.of(-1, -1, -1, -1);

t.test('a state may be entered once at each position', async (t) => {
  const visited = new Visited();
  visited.begin(program('a*b*c*'), 100);
  t.ok(visited.enter(0, 0, slots));
  t.notOk(visited.enter(0, 0, slots));
  t.ok(visited.enter(0, 1, slots));
  t.ok(visited.enter(2, 99, slots));
  t.notOk(visited.enter(2, 99, slots));
  visited.begin(program('a*'), 10);
  t.ok(visited.enter(0, 0, slots), 'and again in the next search');
});

t.test('once for each value of the groups that are asked for', async (t) => {
  const visited = new Visited();
  visited.begin(program('(a*)\\1'), 10);
  t.ok(visited.enter(0, 3, Int32Array.of(-1, -1, 0, 1)));
  t.notOk(visited.enter(0, 3, Int32Array.of(-1, -1, 0, 1)));
  t.ok(visited.enter(0, 3, Int32Array.of(-1, -1, 0, 2)));
  t.notOk(visited.enter(0, 3, Int32Array.of(7, -1, 0, 2)));
});

t.test('what led to a success is forgotten, what led nowhere is kept', async (t) => {
  for (const pattern of ['a*b*', '(a*)\\1b*']) {
    const visited = new Visited();
    visited.begin(program(pattern), 10);
    visited.enter(0, 0, slots);
    const mark = visited.mark();
    visited.enter(0, 1, slots);
    visited.forget(mark);
    t.ok(visited.enter(0, 1, slots), pattern);
    t.notOk(visited.enter(0, 0, slots), pattern);
    visited.mark();
    visited.enter(0, 2, slots);
    visited.keep();
    t.notOk(visited.enter(0, 2, slots), pattern);
  }
});
