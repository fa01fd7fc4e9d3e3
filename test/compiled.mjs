// Tests and what they test run as the JavaScript that the type check wrote beside its verdict: a loader that compiles costs a second for each
// of hundreds of files. Loaded with --import; the hooks are in compiled-hooks.mjs.
import { register } from 'node:module';
import processOnSpawn from 'process-on-spawn';

register('./compiled-hooks.mjs', import.meta.url);

// tap has every process that a test starts load what it measures coverage with: two thirds of a second for each of thousands, where dropset itself
// starts in a tenth. Without coverage nobody reads it.
if (process.env._TAPJS_PROCESSINFO_COVERAGE_ === '0') {
  processOnSpawn.removeAllListeners();
  delete process.env.NODE_OPTIONS;
}
