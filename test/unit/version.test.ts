import { readFileSync } from 'node:fs';
import t from 'tap';
import { VERSION } from '../../src/version.js';

t.test("the version is the package's", async (t) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  t.equal(VERSION, version);
  t.match(VERSION, /^\d+\.\d+\.\d+/);
});
