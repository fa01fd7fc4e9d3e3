import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { KEYS } from '../../../src/config/schema.js';

t.test('priorities by number and by the names that nft has', async (t) => {
  const table: [string, number][] = [
    ['"raw"', -300],
    ['"mangle"', -150],
    ['"dstnat"', -100],
    ['"filter"', 0],
    ['"security"', 50],
    ['"srcnat"', 100],
    ['-2147483648', -(2 ** 31)],
    ['+2147483647', 2 ** 31 - 1],
    ['0x10', 16],
  ];
  for (const [text, value] of table) {
    t.equal(parseSettings(`[backend]\npriority = ${text}`, 'FILE').backend.priority, value, text);
  }
});

t.test('the limits themselves are inside', async (t) => {
  const jail = '[jail.a]\nlogpath = "/a"\n';
  for (const text of [
    `[service]\nsocket = "/${'s'.repeat(106)}"`,
    `[service]\nstate = "/"`,
    `[backend]\ntable = "${'t'.repeat(64)}"`,
    '[backend]\nsize = 1024',
    '[backend]\nsize = 16777216',
    `[jail.${'j'.repeat(64)}]\nlogpath = "/a"`,
    `${jail}maxretry = 1`,
    `${jail}maxretry = 10_000`,
    `${jail}bantime = "36500d"`,
    `${jail}failregex = "x"\nignoreregex = []`,
  ]) {
    t.doesNotThrow(() => parseSettings(text, 'FILE'), text.slice(0, 50));
  }
});

t.test('the keys of each section', async (t) => {
  t.strictSame([...KEYS.keys()], ['service', 'backend', 'never', 'jail']);
  t.strictSame(KEYS.get('service'), ['state', 'socket']);
});
