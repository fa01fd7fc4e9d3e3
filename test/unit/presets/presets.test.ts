import t from 'tap';
import { loadFilter } from '../../../src/fail2ban/filter.js';
import { compileExpressions } from '../../../src/filters/compiled.js';
import { parseDuration } from '../../../src/model/duration.js';
import { PRESETS, presetNamed } from '../../../src/presets/presets.js';
import { STOCK } from '../../stock-filter.js';

t.test('every preset can be named, and has all that a jail needs', async (t) => {
  for (const preset of PRESETS) {
    const { name, filter, logpath, journalmatch = [], btmp, maxretry, findtime, bantime, summary, proxied } = preset;
    t.equal(presetNamed(name), preset, name);
    t.ok(btmp || logpath.length > 0, `${name} reads something`);
    for (const path of logpath) t.match(path, /^\/var\/log\/[^\s]+[^/]$/, name);
    for (const match of journalmatch) t.match(match, /^_?[A-Z_]+=\S+(?: (?:\+ )?_?[A-Z_]+=\S+)*$/, name);
    t.ok(maxretry >= 1 && Number(parseDuration(findtime)) > 0 && Number(parseDuration(bantime)) > 0, name);
    t.match(summary, /^[a-z].{10,110}[^.]$/, name);
    const definition = loadFilter(filter, { directories: [STOCK] });
    t.doesNotThrow(() => compileExpressions(definition, true), name);
    const isTold = definition.failregex.some(({ text }) => text.includes('<F-FORWARDED>'));
    t.equal(isTold && name !== 'squid-w00tw00t', proxied === 'field', `${name} says where the client is`);
  }
  t.equal(new Set(PRESETS.map(({ name }) => name)).size, PRESETS.length);
  t.equal(presetNamed('toString'), undefined);
});
