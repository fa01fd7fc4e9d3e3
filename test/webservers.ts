import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's web servers, unpacked, not installed. */
const root = execFileSync('./scripts/webservers', { encoding: 'utf8' }).trim();
export const program = (name: 'nginx' | 'apache2' | 'haproxy'): string => join(root, 'run', name);
const modules = execFileSync('find', [root, '-type', 'd', '-path', '*apache2/modules'], { encoding: 'utf8' }).trim();

/** What nginx reads. `http` stands in its section http, with a server on the port. */
export function nginxConfig(folder: string, http: string): string {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  writeFileSync(join(folder, 'temp/index.html'), 'hello\n');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/temp;`);
  const path = join(folder, 'nginx.conf');
  writeFileSync(
    path,
    `worker_processes 1;\nerror_log ${folder}/error.log;\npid ${folder}/nginx.pid;\nuser root;\nevents { }\n` +
      `http {\n access_log off;\n ${temp.join('\n ')}\n ${http}\n}\n`,
  );
  return path;
}

/** What Apache reads. */
export function apacheConfig(folder: string, port: number, more: string): string {
  mkdirSync(join(folder, 'www'), { recursive: true });
  writeFileSync(join(folder, 'www/index.html'), 'hello\n');
  const names = ['mpm_event', 'authz_core', 'authz_host', 'access_compat', 'rewrite', 'dir', 'unixd', 'remoteip'];
  const path = join(folder, 'apache.conf');
  const unixd = names.filter((name) => name !== 'unixd');
  writeFileSync(
    path,
    `${unixd.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
ServerName localhost
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache-error.log
User daemon
Group daemon
Listen 127.0.0.1:${port}
Listen [::1]:${port}
DocumentRoot ${folder}/www
DirectoryIndex index.html
GracefulShutdownTimeout 2
${more}
`,
  );
  return path;
}

/** Runs a server in the foreground until the test ends; resolves when its port answers. */
export async function serve(words: readonly string[], port: number): Promise<ChildProcess> {
  const [command, ...rest] = words as [string, ...string[]];
  const child = spawn(command, rest, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isThere) return child;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${command} does not answer on port ${port}`);
}

/** The status of an answer, as somebody at an address, which a proxy on this host forwards for; 0 for a closed connection. */
export const ask = (port: number, from: string, path = '/'): Promise<number> =>
  new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path, agent: false, headers: { 'x-forwarded-for': from } },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.on('error', () => resolve(0)).end();
  });
