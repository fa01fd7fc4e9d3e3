// A machine with files of its own, over this machine's and those of scripts/programs: servers run in it as they would on a host, with
// their usual paths. All of it lies in memory, and ends with the host's first process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Machine } from './lab.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MAKE = fileURLToPath(new URL('host.sh', import.meta.url));
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };

export class Host extends Machine {
  #first;
  #pid;
  #folder = mkdtempSync(join(tmpdir(), 'dropset-host-'));

  /** Has to be awaited before anything is run. @returns {Promise<void>} @throws where namespaces or an overlay are refused */
  async boot() {
    const programs = join(REPOSITORY, '.cache/programs');
    const words = ['-mpuC', '--fork', '--kill-child', 'bash', MAKE, this.#folder, programs, REPOSITORY];
    this.#first = spawn('setpriv', ['--pdeathsig', 'KILL', ...this.enter, 'unshare', ...words]);
    let faults = '';
    this.#first.stderr.on('data', (text) => {
      faults += text;
    });
    const [said] = await Promise.race([once(this.#first.stdout, 'data'), once(this.#first, 'exit')]);
    if (this.#first.exitCode === null) this.#pid = Number.parseInt(said, 10);
    if (!this.#pid) throw new Error(`a host could not be made (run scripts/programs first): ${faults.trim()}`);
    this.enter = this.entering(this);
  }

  /** What runs a command with this host's files and the network of a machine, which may be another one. */
  entering(machine) {
    const variables = Object.entries({ ...ENVIRONMENT }).map(([name, value]) => `${name}=${value}`);
    const network = `--net=/run/netns/${machine.namespace}`;
    return [
      'nsenter',
      '-t',
      String(this.#pid),
      '-m',
      '-p',
      '-u',
      '-r',
      '-w',
      network,
      'env',
      '-u',
      'NODE_OPTIONS',
      ...variables,
    ];
  }

  /** Where a path of the host lies for those outside. */
  path(path) {
    return `/proc/${this.#pid}/root${path}`;
  }

  /** @param {Record<string, string>} files text by path; what begins with `#!` may be run */
  write(files) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(path)), { recursive: true });
      writeFileSync(this.path(path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
  }

  remove() {
    this.#first?.kill('SIGKILL');
    super.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
