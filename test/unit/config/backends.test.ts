import t from 'tap';
import { FORMATS } from '../../../src/backends/denyfile/formats/formats.js';
import { parseSettings } from '../../../src/config/config.js';
import { differenceOf } from '../../../src/config/difference.js';
import { resolve } from '../../../src/config/resolve.js';
import { messageOf } from '../../../src/model/errors.js';

const read = (text: string) => parseSettings(text, 'FILE');
const fault = (text: string): string => {
  try {
    read(text);
    return '';
  } catch (thrown) {
    return messageOf(thrown).replaceAll('FILE:', '');
  }
};
const FILE = 'format = "nginx"\npath = "/var/lib/dropset/deny.conf"\n';

t.test('what is written today goes on meaning what it means', async (t) => {
  t.same(read('').backends, [{ name: 'nftables', kind: 'nftables' }]);
  const { backend, backends } = read('[backend]\nkind = "xdp"');
  t.same([backend.kind, backends], ['xdp', [{ name: 'xdp', kind: 'xdp' }]]);
});

t.test('several, in their order; denyfile stands for every file', async (t) => {
  const { backend, backends, jails } = read(
    `[service]\nbackends = ["route", "denyfile", "nftables"]\n[denyfile.web]\n${FILE}` +
      '[denyfile.proxy]\nformat = "haproxy"\npath = "/a"\ncheck = ["haproxy", "-c"]\nreload = ["true"]\n' +
      '[jail.sshd]\nlogpath = "/b"\nbackends = "nftables"\n[jail.web]\nfilter = "x"\nlogpath = "/b"\nbackends = ["denyfile", "route"]\n' +
      '[jail.one]\nfilter = "x"\nlogpath = "/b"\nbackends = ["denyfile.web"]\n[jail.all]\nfilter = "x"\nlogpath = "/b"\n',
  );
  t.equal(backend.kind, 'route');
  t.equal(backend.routeTable, 213);
  t.same(backends, [
    { name: 'route', kind: 'route' },
    {
      name: 'denyfile.web',
      kind: 'denyfile',
      file: { format: 'nginx', path: '/var/lib/dropset/deny.conf', interval: 1000 },
    },
    {
      name: 'denyfile.proxy',
      kind: 'denyfile',
      file: { format: 'haproxy', path: '/a', check: ['haproxy', '-c'], reload: ['true'], interval: 5000 },
    },
    { name: 'nftables', kind: 'nftables' },
  ]);
  t.same(
    jails.map((jail) => jail.backends),
    [['nftables'], ['denyfile.web', 'denyfile.proxy', 'route'], ['denyfile.web'], undefined],
  );
});

t.test('the formats that can be named are those that there are', async (t) => {
  for (const format of Object.keys(FORMATS)) {
    const { backends } = read(`[backend]\nkind = "denyfile"\n[denyfile.a]\nformat = "${format}"\npath = "/a"\n`);
    t.equal(backends[0]?.file?.format, format);
  }
  t.match(
    fault('[denyfile.a]\nformat = "x"\npath = "/a"'),
    Object.keys(FORMATS).map((name) => new RegExp(`"${name}"`))[0],
  );
});

t.test('faults', async (t) => {
  const table: [string, string][] = [
    [
      '[service]\nbackends = ["nftables"]\n[backend]\nkind = "nftables"',
      '2: service.backends: stands beside [backend] kind; expected one of them',
    ],
    [
      '[service]\nbackends = ["nftables", "denyfile"]',
      '2: service.backends: found "denyfile"; expected a section [denyfile.NAME] with its format and path',
    ],
    [
      `[service]\nbackends = ["denyfile.b"]\n[denyfile.a]\n${FILE}`,
      '2: service.backends: found "denyfile.b"; expected a section [denyfile.b] too\n3: denyfile.a: is written by nobody; expected "denyfile" in [service] backends',
    ],
    [
      `[service]\nbackends = "denyfile"\n[denyfile.a]\n${FILE}[denyfile.b]\n${FILE}`,
      '8: denyfile.b.path: the same as that of [denyfile.a]; expected another one',
    ],
    [
      `[service]\nbackends = "denyfile"\n[denyfile."a b"]\n${FILE}`,
      '3: denyfile."a b": not the name of a file; expected a letter or digit, then letters, digits, _ . or -, at most 64 in all',
    ],
    [
      '[jail.sshd]\nlogpath = "/a"\nbackends = ["route"]',
      '3: jail.sshd.backends: found "route"; expected one that [service] backends names: nftables',
    ],
    [
      '[backend]\nroute_table = 254',
      '2: backend.route_table: found 254; expected a whole number from 1 to 4294967295, but not 253, 254 or 255',
    ],
    [
      '[denyfile.a]\nformat = "nginx"\npath = "deny"\ncheck = "nginx -t"\nreload = []\ninterval = "2h"\nx = 1',
      '3: denyfile.a.path: found "deny"; expected the absolute path of a file\n' +
        '4: denyfile.a.check: found "nginx -t"; expected a program and its words, as ["systemctl", "reload", "nginx"]\n' +
        '5: denyfile.a.reload: found an empty list; expected a program and its words, as ["systemctl", "reload", "nginx"]\n' +
        '6: denyfile.a.interval: found "2h"; expected a time from "100ms" to "1h"\n' +
        '7: denyfile.a.x: unknown; expected one of the keys format, path, check, reload, interval',
    ],
  ];
  for (const [text, expected] of table) t.equal(fault(text), expected, text);
});

t.test('a reload says which keys need a restart', async (t) => {
  const config = (text: string) => resolve(read(text));
  const one = config(`[service]\nbackends = ["nftables", "denyfile"]\n[denyfile.a]\n${FILE}`);
  const keys = (text: string): readonly string[] => differenceOf(one, config(text)).keys;
  t.same(keys(`[service]\nbackends = ["nftables", "denyfile"]\n[denyfile.a]\n${FILE}interval = "2s"`), [
    'denyfile.a.interval',
  ]);
  t.same(keys(`[service]\nbackends = ["nftables", "denyfile"]\n[denyfile.b]\n${FILE}`), ['service.backends']);
  t.same(keys(''), ['service.backends']);
});
