import t from 'tap';
import { EVENT_NAMES } from '../../../src/control/event.js';

t.test('each name once', async (t) => {
  t.equal(new Set(EVENT_NAMES).size, EVENT_NAMES.length);
  t.match(EVENT_NAMES.join(), /^[a-z,]+$/);
});
