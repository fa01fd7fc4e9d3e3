import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import t from 'tap';

/**
 * The house's doors: what each room may import, beside itself. Imports form a fan: a stage of the street knows the model and
 * rooms without I/O of the street, never another stage. Detection knows the stages that run in its thread, the daemon the others.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  config: ['model', 'fail2ban', 'presets'],
  presets: [],
  sources: ['model', 'native'],
  guard: ['model', 'netlink', 'rtnetlink', 'sources'],
  scan: [],
  regex: ['model'],
  fail2ban: ['model'],
  filters: ['model', 'regex', 'dates'],
  dates: ['model', 'regex'],
  jails: ['model'],
  never: ['model'],
  detection: ['model', 'config', 'sources', 'scan', 'filters', 'dates', 'jails', 'never'],
  inspection: ['model', 'config', 'dates', 'detection', 'fail2ban', 'filters', 'presets', 'regex', 'scan', 'sources'],
  replay: ['model', 'config', 'dates', 'detection', 'filters', 'jails', 'sources'],
  ledger: ['model'],
  offenders: ['model'],
  writer: ['model'],
  native: [],
  version: [],
  netlink: ['native'],
  nflog: ['model', 'netlink'],
  bpf: ['model', 'native'],
  rtnetlink: ['netlink'],
  backends: ['model', 'netlink', 'rtnetlink', 'bpf'],
  doctor: ['model', 'netlink', 'rtnetlink', 'backends', 'bpf', 'hooks', 'native'],
  control: ['model'],
  metrics: ['model'],
  hooks: ['model', 'config', 'native'],
  library: ['model', 'control'],
  cli: ['model', 'config', 'control', 'daemon', 'doctor', 'inspection', 'presets', 'replay', 'version'],
  daemon: [
    'model',
    'config',
    'detection',
    'jails',
    'never',
    'guard',
    'ledger',
    'offenders',
    'writer',
    'backends',
    'control',
    'hooks',
    'metrics',
    'nflog',
    'version',
    'native',
  ],
};

/** Packages that stand for a room's one job, and so belong to it alone. */
const OWNED: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['ledger'],
  'p-queue': ['writer'],
  'prom-client': ['metrics'],
  'smol-toml': ['config'],
  undici: ['hooks'],
  'ipaddr.js': ['model'],
  zod: ['config', 'control'],
};

/** What the model may not touch: it is pure. (node:net only tells what an address looks like.) */
const IMPURE = /^node:(?:fs|http|child_process|dgram|worker_threads|timers)/;

const files = (readdirSync('src', { recursive: true }) as string[]).filter((path) => path.endsWith('.ts'));

const roomOf = (path: string): string => (path.split('/')[0] as string).replace(/\.ts$/, '');

const imports = (path: string): string[] => {
  const text = readFileSync(join('src', path), 'utf8');
  return [...text.matchAll(/(?:^(?:import|export)\b[^;']*?\bfrom |^import |\bimport\()'([^']+)'/gm)].map(
    (found) => found[1] as string,
  );
};

t.test('every import goes through a door that is there', async (t) => {
  t.ok(files.length > 50);
  for (const path of files) {
    const room = roomOf(path);
    t.ok(room in ALLOWED, `${path}: the table knows its room`);
    for (const target of imports(path).filter((name) => name.startsWith('.'))) {
      const other = roomOf(relative('.', join(dirname(path), target)).replace(/\.js$/, '.ts'));
      t.ok(other === room || ALLOWED[room]?.includes(other), `${path} imports ${target}`);
    }
  }
});

t.test('every package belongs to its room', async (t) => {
  for (const path of files) {
    for (const name of imports(path).filter((target) => !target.startsWith('.'))) {
      if (roomOf(path) === 'model') t.notMatch(name, IMPURE, `${path} is pure`);
      if (!name.startsWith('node:')) t.ok(OWNED[name]?.includes(roomOf(path)), `${path} imports ${name}`);
    }
  }
});

t.test('the table has no door that nobody uses', async (t) => {
  for (const [room, others] of Object.entries(ALLOWED)) {
    for (const other of others) {
      const used = files
        .filter((path) => roomOf(path) === room)
        .some((path) =>
          imports(path).some(
            (target) =>
              target.startsWith('.') &&
              roomOf(relative('.', join(dirname(path), target)).replace(/\.js$/, '.ts')) === other,
          ),
        );
      t.ok(used, `${room} -> ${other}`);
    }
  }
});
