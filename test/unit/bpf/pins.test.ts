import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  closeDescriptor,
  inspect,
  isBpfFs,
  makeFolder,
  openPin,
  pin,
  pinsIn,
  programNamed,
  removeFolder,
  renamePin,
  unpin,
} from '../../../src/bpf/pins.js';
import { enterNamespace } from '../../namespace.js';
import { Loaded } from '../../tables.js';

enterNamespace({ bpf: true });

const FOLDER = '/sys/fs/bpf/dropset/main';

t.test('where pins can be', async (t) => {
  t.ok(isBpfFs('/sys/fs/bpf'));
  t.ok(isBpfFs('/sys/fs/bpf/not/there/yet'));
  t.notOk(isBpfFs('/sys/fs'));
  t.notOk(isBpfFs(t.testdir()));
  t.notOk(isBpfFs(join(t.testdir(), 'not/there')));
  t.notOk(isBpfFs('/not/there'));
});

t.test('a folder of pins', async (t) => {
  const { program } = new Loaded(t);
  t.same(pinsIn(FOLDER), []);
  removeFolder(FOLDER);
  makeFolder(FOLDER);
  makeFolder(FOLDER);
  t.equal(statSync(FOLDER).mode & 0o777, 0o700);
  pin(program.drop, join(FOLDER, 'program'));
  pin(program.maps.allow, join(FOLDER, 'allow'));
  t.throws(() => pin(program.drop, join(FOLDER, 'allow')), { name: 'BpfError', errno: 17 });
  t.same(pinsIn(FOLDER), ['allow', 'program']);
  const again = openPin(join(FOLDER, 'allow'));
  t.teardown(() => closeDescriptor(again));
  t.equal(inspect(again).id, inspect(program.maps.allow).id);
  renamePin(join(FOLDER, 'program'), join(FOLDER, 'allow'));
  t.same(pinsIn(FOLDER), ['allow']);
  const renamed = openPin(join(FOLDER, 'allow'));
  t.teardown(() => closeDescriptor(renamed));
  t.equal(inspect(renamed).kind, 'program');
  unpin(join(FOLDER, 'allow'));
  t.throws(() => openPin(join(FOLDER, 'allow')), { name: 'BpfError', errno: 2 });
  pin(program.drop, join(FOLDER, 'program'));
  removeFolder(FOLDER);
  t.notOk(existsSync(FOLDER));
});

t.test('a program by its id', async (t) => {
  const { program } = new Loaded(t);
  const { id } = inspect(program.drop);
  t.match(programNamed(id as number), { kind: 'program', name: 'dropset' });
  t.equal(programNamed(2 ** 31 - 1), undefined);
});

t.test('what is no eBPF object', async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, 'file'), '');
  t.throws(() => openPin(join(folder, 'file')), { name: 'BpfError' });
  t.throws(() => openPin('/sys/fs/bpf'), { name: 'BpfError' });
  mkdirSync('/sys/fs/bpf/folder');
  const { program } = new Loaded(t);
  t.throws(() => pin(program.drop, '/sys/fs/bpf/folder'), { name: 'BpfError', errno: 17 });
  t.throws(() => pin(program.drop, join(folder, 'pin')), {
    name: 'BpfError',
    message: new RegExp(`^pinning ${folder}`),
  });
  t.same(inspect(0), { kind: 'unknown' });
});
