import t from 'tap';
import { Guard } from '../../../src/detection/guard.js';

const spin = (): void => {
  for (;;);
};

t.test('work that ends in its time', async (t) => {
  const guard = new Guard();
  let done = 0;
  t.equal(
    guard.run(10_000, () => {
      done++;
    }),
    true,
  );
  t.equal(done, 1);
});

t.test('work that does not end is left where it is, and the next one is done', async (t) => {
  const guard = new Guard();
  let isFinished = false;
  const work = (): void => {
    try {
      spin();
    } finally {
      isFinished = true;
    }
  };
  t.equal(guard.run(20, work), false);
  t.equal(isFinished, false, 'not even what stands in a finally is done');
  t.equal(
    guard.run(10_000, () => undefined),
    true,
  );
});

t.test('a regular expression of V8 is interrupted too', async (t) => {
  const guard = new Guard();
  const text = `${'a'.repeat(64)}!`;
  t.equal(
    guard.run(20, () => void /^(?:a+)+$/.test(text)),
    false,
  );
});

t.test('what the work throws is thrown', async (t) => {
  const guard = new Guard();
  const thrown = new RangeError('no');
  const work = (): void => {
    throw thrown;
  };
  t.throws(() => guard.run(10_000, work), thrown);
  t.equal(
    guard.run(10_000, () => undefined),
    true,
  );
});

t.test('a guard within a guard: the outer one may end both', async (t) => {
  const [outer, inner] = [new Guard(), new Guard()];
  let answer: boolean | undefined;
  t.equal(
    outer.run(10_000, () => {
      answer = inner.run(20, spin);
    }),
    true,
  );
  t.equal(answer, false);
});
