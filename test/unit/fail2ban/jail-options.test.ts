import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { parseIni } from '../../../src/fail2ban/ini.js';
import { JailOptions } from '../../../src/fail2ban/jail-options.js';
import { DropsetError } from '../../../src/model/errors.js';

function read(text: string): { options: JailOptions; warnings: string[] } {
  const warnings: string[] = [];
  const configuration = Configuration.of([parseIni(text, '/jail.conf')]);
  return { options: new JailOptions(configuration, 'a', (sentence) => warnings.push(sentence)), warnings };
}

t.test("texts, numbers, truth, in Python's spelling", async (t) => {
  const { options, warnings } = read(
    '[DEFAULT]\nfindtime=%(x)s\nx=1h\n[a]\nenabled=yes\nmaxretry= 07\nignoreself=maybe\nport=ssh\n',
  );
  t.same(Object.fromEntries(options.values), {
    enabled: 'True',
    ignoreself: 'False',
    maxretry: '7',
    backend: 'auto',
    filter: '',
    findtime: '1h',
    action: '',
  });
  t.equal(options.text('filter'), '');
  t.equal(options.text('port'), undefined, 'a variable, no option');
  t.equal(options.integer('maxretry'), 7);
  t.equal(options.integer('maxmatches'), undefined);
  t.equal(options.seconds('findtime'), 3600);
  t.equal(options.seconds('bantime'), undefined);
  t.same(warnings, []);
});

t.test('the first ones alone', async (t) => {
  const configuration = Configuration.of([parseIni('[a]\nfilter=%(__name__)s\nbantime=%(nothing)s\n', '/jail.conf')]);
  const first = JailOptions.first(configuration, 'a', () => undefined);
  t.same(Object.fromEntries(first.values), { backend: 'auto', filter: 'a' });
  t.throws(() => new JailOptions(configuration, 'a', () => undefined), {
    message: /^\/jail\.conf:3: option 'bantime'/,
  });
});

t.test('a number that is none is passed over, and told', async (t) => {
  const { options, warnings } = read('[a]\nmaxretry=five\n');
  t.equal(options.integer('maxretry'), undefined);
  t.same(warnings, ['/jail.conf:2: maxretry = five is no whole number; the default is taken']);
});

t.test('places', async (t) => {
  const { options } = read('[DEFAULT]\nbantime=soon\n[a]\nfindtime=later\n');
  t.equal(options.origin, '/jail.conf:4');
  t.equal(options.place('nothing'), 'nothing');
  t.throws(() => options.seconds('bantime'), { code: 'config', message: /^\/jail\.conf:2: bantime: / });
  t.throws(() => options.seconds('findtime'), { message: /^\/jail\.conf:4: findtime: / });
  t.equal(read('[a]\n').options.origin, 'jail a');
});

t.test('what others read of an option', async (t) => {
  const { options } = read('[a]\nlogpath=x\n');
  t.equal(
    options.parsed('logpath', (text) => `${text}!`),
    'x!',
  );
  t.equal(
    options.parsed('nothing', (text) => `${text}!`),
    '!',
  );
  const refuse = (): never => {
    throw new DropsetError('config', 'no');
  };
  t.throws(() => options.parsed('logpath', refuse), { message: '/jail.conf:2: logpath: no' });
  const fail = (): never => {
    throw new TypeError('bug');
  };
  t.throws(() => options.parsed('logpath', fail), TypeError);
});
