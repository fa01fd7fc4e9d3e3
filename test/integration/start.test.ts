import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';

const DROPSET = 'dist/cli/main.js';

/** Runs `dropset run` in a namespace of its own, behind another command; it is meant to fail, or else it is killed. */
function run(config: string, ...before: string[]): { status: number | null; stderr: string } {
  const words = ['--net', ...before, process.execPath, DROPSET, 'run', '--config', config];
  return spawnSync('unshare', words, { encoding: 'utf8', timeout: 10_000 });
}

const configured = (t: Test, text: string): string => {
  const path = join(t.testdir(), 'dropset.toml');
  writeFileSync(path, text);
  return path;
};

/** A unix socket's path has at most 107 bytes, fewer than a test's own folder. */
const minimal = (t: Test): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-start-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'dropset.toml');
  writeFileSync(path, `[service]\nstate = "${folder}/state"\nsocket = "${folder}/dropset.sock"\n`);
  return path;
};

t.test('a configuration with three faults: all three are told, with their lines', async (t) => {
  const path = configured(
    t,
    `[backend]
kind = "iptables"
[jail.sshd]
logpath = ["/var/log/auth.log"]
maxretry = "five"
bantme = "1h"
`,
  );
  const { status, stderr } = run(path);
  t.equal(status, 1);
  for (const place of [`${path}:2: backend.kind`, `${path}:5: jail.sshd.maxretry`, `${path}:6: jail.sshd.bantme`]) {
    t.match(stderr, place);
  }
  t.match(stderr, /did you mean 'bantime'/);
});

t.test('no configuration', async (t) => {
  const { status, stderr } = run('/nowhere/dropset.toml');
  t.equal(status, 1);
  t.match(stderr, /\/nowhere\/dropset\.toml/);
});

t.test('an unknown filter', async (t) => {
  const path = configured(
    t,
    `[service]
state = "/nowhere/state"
socket = "/tmp/dropset-unknown-filter.sock"
[jail.x]
filter = "nonsense"
logpath = "/var/log/x"
`,
  );
  const { status, stderr } = run(path);
  t.equal(status, 1);
  t.match(stderr, /nonsense/);
  t.match(stderr, /sshd/, 'says which there are');
});

t.test('a group that does not exist', async (t) => {
  const path = minimal(t);
  writeFileSync(path, `${readFileSync(path, 'utf8')}group = "no-such-group"\n`);
  const { status, stderr } = run(path);
  t.equal(status, 1);
  t.match(
    stderr,
    /there is no group 'no-such-group': make it \(groupadd no-such-group\), or name another in \[service\]/,
  );
});

t.test('without CAP_NET_ADMIN: a sentence that names it', async (t) => {
  const { status, stderr } = run(minimal(t), 'capsh', '--drop=cap_net_admin', '--', '-c', 'exec "$@"', '--');
  t.equal(status, 1);
  t.match(stderr, /CAP_NET_ADMIN is missing/);
});

t.test('in a user namespace, where send buffers are small', async (t) => {
  const path = minimal(t);
  const script = `${process.execPath} ${DROPSET} run --config ${path} & service=$!
    for i in $(seq 100); do ${process.execPath} ${DROPSET} --socket ${path.replace('.toml', '.sock')} status >/dev/null 2>&1 && break; sleep 0.1; done
    seq 1 60 | while read i; do seq -f "10.0.$i.%g" 1 250; done | ${process.execPath} ${DROPSET} --socket ${path.replace('.toml', '.sock')} ban -
    nft list set inet dropset ban4 | grep -o '10\\.0\\.[0-9]*\\.[0-9]*' | sort -u | wc -l
    kill $service; wait $service`;
  const printed = execFileSync('unshare', ['--user', '--map-root-user', '--net', 'bash', '-c', script], {
    encoding: 'utf8',
  });
  t.match(printed, /banned 15000, refused 0/);
  t.match(printed, /^15000$/m);
});

t.test('a dry run drops nothing, keeps nothing, and needs no capability', async (t) => {
  const path = minimal(t);
  const socket = path.replace('.toml', '.sock');
  const script = `${process.execPath} ${DROPSET} run --dry-run --config ${path} & service=$!
    for i in $(seq 100); do ${process.execPath} ${DROPSET} --socket ${socket} status >/dev/null 2>&1 && break; sleep 0.1; done
    ${process.execPath} ${DROPSET} --socket ${socket} ban 192.0.2.7 && ${process.execPath} ${DROPSET} --socket ${socket} status --json
    kill $service; wait $service; echo "exit $?"; ls ${path.replace('dropset.toml', '')}`;
  const printed = execFileSync('unshare', ['--net', 'capsh', '--drop=cap_net_admin', '--', '-c', script], {
    encoding: 'utf8',
  });
  t.match(printed, /banned 192\.0\.2\.7/);
  t.match(printed, /"backend":"memory"/);
  t.match(printed, /"bans":1,"elements":1/);
  t.match(printed, /exit 0/);
  t.notMatch(printed, /^state$/m);
});
