import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Booted } from './booted.js';

// Many programs start one after the other, each of which takes a second on a busy machine.
t.setTimeout(300_000);

/** Where its login is of, the shell had a strict umask, and nobody answers questions. */
const shell = (line: string, input = '') =>
  spawnSync('bash', ['-c', `umask 077; ${line}`], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env.PATH, SSH_CONNECTION: '2001:db8::5 50022 2001:db8::1 22' },
  });

/** Every path below a folder, and whether everybody may read it. */
const pathsIn = (root: string): string[] => (readdirSync(root, { recursive: true }) as string[]).toSorted();

t.test('in a scratch root', async (t) => {
  const root = t.testdir({ var: { lib: {} }, usr: { bin: { other: '' } } });
  const config = join(root, 'etc/dropset/dropset.toml');
  const before = pathsIn(root);

  t.test('--dry-run says and does nothing', async (t) => {
    const { status, stdout } = shell(`scripts/install --root ${root} --dry-run --enable`);
    t.equal(status, 0);
    t.match(stdout, `${root}/usr/lib/systemd/system/dropset.service`);
    t.same(pathsIn(root), before);
  });

  t.test('it is put there, for everybody to read', async (t) => {
    const { status, stderr } = shell(`scripts/install --root ${root} --enable`);
    t.equal(status, 0, stderr);
    t.match(stderr, /you are logged in from 2001:db8::5, which can be banned as any other/);
    t.match(readFileSync(config, 'utf8'), /^addresses = \[\]$/m, 'nothing is spared silently');
    const isOpen = (path: string) => {
      const found = lstatSync(join(root, path));
      return (
        found.isSymbolicLink() || (found.uid === 0 && (found.mode & 0o444) === 0o444 && (found.mode & 0o022) === 0)
      );
    };
    t.same(
      pathsIn(root).filter((path) => !before.includes(path) && !isOpen(path)),
      [],
    );
    t.notOk(
      pathsIn(root).some((path) => /typescript|biome|deps\/sqlite3|\.map$/.test(path)),
      'what only building needs',
    );
  });

  t.test('the command runs from there', async (t) => {
    const run = (words: string) => shell(`cd /; ${root}/usr/bin/dropset ${words}`);
    t.match(run('--version').stdout, /^\d+\.\d+\.\d+\n$/);
    t.match(run(`config check ${config}`), { status: 0, stdout: /can be used; backend nftables, 1 jail/ });
    t.match(shell(`ln -s ${root}/usr/bin/dropset ${root}/link; ${root}/link --version; rm ${root}/link`), {
      status: 0,
    });
    writeFileSync(join(root, 'own.toml'), `[service]\nstate = "${root}/state"\nsocket = "${root}/s"\n`);
    const script = `
      ip link set lo up
      "$0" run --config ${root}/own.toml & service=$!
      for try in $(seq 100); do [ -S ${root}/s ] && break; sleep 0.2; done
      "$0" --socket ${root}/s ban 203.0.113.9
      nft list set inet dropset banned4 || nft list table inet dropset
      kill $service; wait $service
      "$0" detach --config ${root}/own.toml; rm -r ${root}/own.toml ${root}/state`;
    writeFileSync(join(root, 'try.sh'), script);
    const { stdout, stderr } = shell(
      `unshare --net sh -c "$(cat ${root}/try.sh)" ${root}/usr/bin/dropset; rm ${root}/try.sh`,
    );
    t.match(stdout, /203\.0\.113\.9 /, stderr);
    t.match(stdout, /deleted table inet dropset/);
  });

  t.test('manual pages, completions, unit', async (t) => {
    const has = (path: string) => t.ok(statSync(join(root, path)).size > 500, path);
    for (const path of ['man/man1/dropset.1', 'man/man5/dropset.toml.5', 'bash-completion/completions/dropset'])
      has(`usr/share/${path}`);
    for (const path of ['zsh/vendor-completions/_dropset', 'fish/vendor_completions.d/dropset.fish'])
      has(`usr/share/${path}`);
    t.match(
      readFileSync(join(root, 'usr/lib/systemd/system/dropset.service'), 'utf8'),
      /^ExecStart=\/usr\/bin\/dropset run$/m,
    );
  });

  t.test('the unit, as systemd sees it', async (t) => {
    const unit = join(root, 'usr/lib/systemd/system/dropset.service');
    const { stdout, status } = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit], {
      encoding: 'utf8',
    });
    t.equal(status, 0, stdout.replace(/^. .*✓.*\n/gm, ''));
    t.match(stdout, /Overall exposure level for dropset\.service: (?:1\.\d|2\.0) OK/);
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
    const said = verified.stderr.replace(/^.*(?:Command \/usr\/\S+ is not executable|\.target: ).*\n/gm, '');
    t.equal(said, '');
  });

  t.test('again: the configuration is kept, what an earlier version had goes', async (t) => {
    writeFileSync(config, '# mine\n');
    const manifest = join(root, 'usr/lib/dropset/manifest');
    writeFileSync(join(root, 'usr/bin/dropset-old'), '');
    writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}file /usr/bin/dropset-old\n`);
    const paths = pathsIn(root);
    const { status, stderr } = shell(`scripts/install --root ${root} --never 192.0.2.0/24`);
    t.equal(status, 0, stderr);
    t.match(stderr, /is kept as it is/);
    t.equal(readFileSync(config, 'utf8'), '# mine\n');
    t.same(
      pathsIn(root),
      paths.filter((path) => path !== 'usr/bin/dropset-old'),
    );
  });

  t.test('and away: all but the configuration, which --purge takes too', async (t) => {
    t.match(shell(`scripts/uninstall --root ${root} --dry-run`).stdout, `rm -rf -- ${root}/usr/lib/dropset`);
    const script = readFileSync(join(root, 'usr/lib/dropset/uninstall'), 'utf8');
    t.equal(script, readFileSync('scripts/uninstall', 'utf8'));
    const { status, stderr } = shell(`${root}/usr/lib/dropset/uninstall --root ${root}`);
    t.equal(status, 0, stderr);
    t.same(
      pathsIn(root).filter((path) => !before.includes(path)),
      ['etc', 'etc/dropset', 'etc/dropset/dropset.toml'],
    );
    t.match(shell(`scripts/uninstall --root ${root}`), { status: 1, stderr: /is gone already/ });
    rmSync(config);
    shell(`scripts/install --root ${root} --never 192.0.2.0/24 --never 2001:db8::5`);
    t.match(readFileSync(config, 'utf8'), 'addresses = ["192.0.2.0/24", "2001:db8::5"]');
    shell(`scripts/uninstall --root ${root} --purge`);
    t.same(
      pathsIn(root),
      before.concat('etc').toSorted(),
      'no trace; the folder is not its own, since the configuration had been kept there',
    );
  });
});

t.test('wrong words', async (t) => {
  t.match(shell(`scripts/install --root /nowhere --never 'x"]'`), { status: 2, stderr: /no address and no prefix/ });
  t.match(shell('scripts/install --rot x'), { status: 2, stderr: /there is no option '--rot'/ });
});

t.test('for a version of systemd each', async (t) => {
  const unit = (version: string) => shell(`root=; source scripts/installation/place.sh; unit_for ${version}`).stdout;
  t.match(unit('252'), /^Type=notify\n[\s\S]*^ExecReload=/m);
  t.notMatch(unit('252'), 'FileDescriptorStorePreserve');
  t.match(unit('253'), /^Type=notify-reload$/m);
  t.notMatch(unit('253'), /ExecReload|FileDescriptorStorePreserve/);
  t.match(unit('257'), /^FileDescriptorStorePreserve=yes$/m);
  t.match(unit(''), /^Type=notify\n/m);
});

t.test('on a machine of its own, by its own systemd', async (t) => {
  const host = await Booted.boot();
  if (!host) {
    t.comment('left out: this machine has no systemd that can be booted again');
    return;
  }
  t.teardown(() => host.remove());
  const find = `find / -name '*dropset*' -not -path '/mnt/*' -not -path '${process.cwd()}/*' -not -path '/proc/*' -not -path '/tmp/*' | sort`;
  const files = host.run(find);
  for (const line of [
    'ip netns add outside; ip link set lo up',
    'ip link add eth0 type veth peer name far0 netns outside; ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up',
    'ip -n outside link set far0 up; ip -n outside address add 192.0.2.9/24 dev far0',
    'mkdir -m 700 /home/web; touch /home/web/log; chmod 600 /home/web/log; chown -R 4711 /home/web',
    'mkdir -p /etc/dropset; touch /var/log/btmp',
  ])
    host.run(line);
  // What a hook's program is, by its own word, in the one folder that the unit leaves it to write in.
  host.run(`cat >/usr/local/bin/notify <<'END'
#!/bin/sh
{ grep -E '^(Cap|Uid|NoNewPrivs)' /proc/self/status; ls /proc/self/fd | tr '\\n' ' '; cat; } >/var/lib/dropset/told.new
mv /var/lib/dropset/told.new /var/lib/dropset/told
END
chmod 755 /usr/local/bin/notify`);
  const receiver = `import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open('/run/posted', 'ab').write(self.rfile.read(int(self.headers['content-length'])))
        self.send_response(204)
        self.end_headers()
http.server.HTTPServer(('127.0.0.1', 8099), Handler).serve_forever()`;
  host.run(
    `cat >/run/receiver.py <<'END'\n${receiver}\nEND\npython3 /run/receiver.py >/dev/null 2>&1 &`.replaceAll(
      '\\n',
      '\n',
    ),
  );
  const write = (backend: string) =>
    host.run(`cat >/etc/dropset/dropset.toml <<'END'
[backend]
kind = "${backend}"
[jail.web]
logpath = ["/home/web/log"]
failregex = ["refused <HOST>$"]
datepattern = "{NONE}"
maxretry = 1
[jail.sshd]
journal = true
[jail.btmp]
btmp = true
[hook.notify]
program = "/usr/local/bin/notify"
[hook.post]
url = "http://127.0.0.1:8099/"
[jail.bare]
failregex = ["bare <HOST>$"]
syslog = ["udp://127.0.0.1:5514", "unix:///run/dropset/log"]
END`);
  // A port that is closed answers too.
  const ask =
    "import socket; s = socket.socket(); s.settimeout(0.5); print('answered' if s.connect_ex(('192.0.2.1', 9)) == 111 else 'no answer')";
  const asked = () => host.run(`ip netns exec outside python3 -c "${ask}"`).trim();
  write('nftables');
  host.run('cd /mnt && scripts/install --enable');

  for (const backend of ['nftables', 'xdp']) {
    await t.test(`${backend}: with four capabilities and no more`, async (t) => {
      if (backend === 'xdp') {
        write('xdp');
        host.run('ip route add default dev eth0; dropset unban --all; systemctl restart dropset');
      }
      t.equal(asked(), 'answered');
      const status = host.run('cat /proc/$(systemctl show -P MainPID dropset)/status');
      t.match(status, /^Uid:\s+(?!0\s)\d+/m, 'it is not root');
      t.match(status, /^CapEff:\t000000c000001004$/m);
      t.match(status, /^Seccomp:\t2$/m);
      host.run("echo 'refused 192.0.2.9' >>/home/web/log");
      await host.until('the ban', 'dropset list', /192\.0\.2\.9 .*web/);
      t.equal(asked(), 'no answer');
      const how = backend === 'xdp' ? 'systemctl restart dropset' : 'systemctl kill -s KILL dropset';
      host.run(how);
      t.equal(asked(), 'no answer', how);
      await host.until(
        'it is back',
        'dropset status',
        new RegExp(`^backend +${backend}[\\s\\S]*elements in the kernel: 1`, 'm'),
      );
      t.equal(asked(), 'no answer');
      const said = JSON.parse(host.run('dropset status --json'));
      t.match(said, { bans: 1, problems: [], backend });
      t.same(said.jails.map(({ name }: { name: string }) => name).toSorted(), ['bare', 'btmp', 'sshd', 'web']);
    });
  }

  await t.test('hooks run, as nobody in particular', async (t) => {
    const told = await host.until('the program', 'cat /var/lib/dropset/told', /"address":"192\.0\.2\.9"/);
    for (const set of ['Inh', 'Prm', 'Eff', 'Amb']) t.match(told, new RegExp(`^Cap${set}:\\t0{16}$`, 'm'));
    t.match(told, /^NoNewPrivs:\t1$/m);
    t.match(told, /^Uid:\s+(?!0\s)\d+/m, 'it is not root');
    t.match(told, /^0 1 2 3 /m, 'three descriptors, and that of ls');
    await host.until('the webhook', 'cat /run/posted', /"hook":"post".*"address":"192\.0\.2\.9"/);
    const { hooks } = JSON.parse(host.run('dropset status --json'));
    t.match(hooks, [
      { name: 'notify', failing: null },
      { name: 'post', failing: null, target: 'http://127.0.0.1:8099' },
    ]);
    const journal = host.run('journalctl -o cat -u dropset -t dropset');
    t.notMatch(journal, /hook .* fails/);
  });

  await t.test('one line an event in the journal', async (t) => {
    t.match(host.run('journalctl -o cat -u dropset -t dropset'), /^banned 192\.0\.2\.9 .*web/m);
  });

  await t.test('and away without a trace', async (t) => {
    t.match(host.run('/usr/lib/dropset/uninstall --purge'), /detached from 1 interface/);
    t.equal(asked(), 'answered');
    t.equal(host.run(find), files);
    t.throws(() => host.run('id dropset'));
    t.equal(host.run('ls /var/lib/dropset /etc/dropset || true').match(/No such file/g)?.length, 2);
  });
});
