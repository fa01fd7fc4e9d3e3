import t from 'tap';
import { isKernelAtLeast } from '../../../src/model/kernel.js';

t.test('versions', async (t) => {
  for (const release of ['5.9.0', '5.10.0-21-amd64', '6.1', '6.18.44-cloud', '10.0.0'])
    t.ok(isKernelAtLeast(release, 5, 9), release);
  for (const release of ['5.8.18', '4.19.0', '', 'five', '5.x']) t.notOk(isKernelAtLeast(release, 5, 9), release);
});
