import t from 'tap';
import { Failed } from '../../../src/hooks/delivery.js';

t.test('a failure is final unless it says otherwise', async (t) => {
  t.match(new Failed('no'), { message: 'no', isPassing: false, after: undefined });
  t.match(new Failed('later', { isPassing: true, after: 5 }), { isPassing: true, after: 5 });
});
