// Tests and what they test run as the JavaScript that the type check wrote beside its verdict: a loader that compiles costs a second for each
// of hundreds of files. Loaded with --import; the hooks are in compiled-hooks.mjs.
import { register } from 'node:module';

register('./compiled-hooks.mjs', import.meta.url);
