import t from 'tap';
import { USUAL_SIEGE } from '../../../src/model/siege.js';

t.test('where nobody says otherwise: as the documentation has it', async (t) => {
  t.strictSame(USUAL_SIEGE, { offenders: 100, userOffenders: 20, window: 10 * 60_000, calm: 30 * 60_000 });
});
