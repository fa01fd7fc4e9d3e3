// A real service in this namespace, and a look at what it uses.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const DROPSET = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export class Service {
  folder = mkdtempSync(join(tmpdir(), 'dropset-bench-'));
  socket = join(this.folder, 'dropset.sock');
  log = join(this.folder, 'auth.log');

  /**
   * @param {{config?: string, start?: (words: string[]) => import('node:child_process').ChildProcess, before?: Service}} [options] more
   * configuration; how to start it elsewhere than here; a service that has ended, whose ledger this one has
   */
  static async run({ config = '', start, before } = {}) {
    const service = new Service();
    if (before) renameSync(join(before.folder, 'state'), join(service.folder, 'state'));
    const path = join(service.folder, 'dropset.toml');
    writeFileSync(service.log, '');
    writeFileSync(
      path,
      `[service]\nstate = "${service.folder}/state"\nsocket = "${service.socket}"\n${config.replaceAll('LOG', service.log)}`,
    );
    const launch =
      start ??
      ((words) => spawn(process.execPath, [DROPSET, 'run', ...words], { stdio: ['ignore', 'ignore', 'pipe'] }));
    service.child = launch(['--config', path]);
    await new Promise((ready, failed) => {
      service.child.once('exit', () => failed(new Error('the service did not start')));
      service.child.stderr.on('data', (text) => String(text).includes('ready: ') && ready());
    });
    return service;
  }

  /** Peak resident memory, MB. */
  get peakMemory() {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
    return Number(kilobytes) / 1024;
  }

  /** Resident memory now, MB. */
  get memory() {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
    return Number(kilobytes) / 1024;
  }

  /** Processor time so far, milliseconds. */
  get processorTime() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** What it leaves in its folder stays. */
  async end() {
    this.child.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }

  async stop() {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
