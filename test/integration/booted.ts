import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Not compiled: it stands beside this file's source. */
const BOOT = join(process.cwd(), 'test/integration/boot.sh');

/** A machine with its own systemd, files, network and processes: what is done there is gone with it. */
export class Booted {
  readonly #init: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(init: number, child: ChildProcess, folder: string) {
    this.#init = init;
    this.#child = child;
    this.#folder = folder;
  }

  /** @returns undefined where this machine has no systemd, or may not be copied. */
  static async boot(): Promise<Booted | undefined> {
    if (!existsSync('/lib/systemd/systemd')) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'dropset-boot-'));
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'unshare', '-mpnuiC', '--fork', '--kill-child', 'bash', BOOT, folder, process.cwd()],
      {
        stdio: 'ignore',
      },
    );
    for (const end = performance.now() + 60_000; performance.now() < end && child.exitCode === null; await sleep(100)) {
      const [init] = childrenOf(child.pid as number);
      const booted = init === undefined ? undefined : new Booted(init, child, folder);
      if (booted?.isUp()) return booted;
    }
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    if (child.exitCode === 77) return undefined;
    throw new Error('systemd did not come up within a minute');
  }

  /** @throws with what the command said, where it failed. */
  run(command: string): string {
    // tap puts a loader into every child's NODE_OPTIONS, by a path that may not be there.
    const line = `exec 2>&1; unset NODE_OPTIONS; ${command}`;
    const words = ['-t', String(this.#init), '--all', '--root', '--wd', 'sh', '-c', line];
    return execFileSync('nsenter', words, { encoding: 'utf8', env: { PATH: process.env.PATH } });
  }

  isUp(): boolean {
    try {
      return this.run('systemctl is-active test.target').trim() === 'active';
    } catch {
      return false;
    }
  }

  async until(what: string, command: string, wanted: RegExp): Promise<string> {
    let said = '';
    for (const end = performance.now() + 30_000; performance.now() < end; await sleep(100)) {
      try {
        said = this.run(command);
      } catch (thrown) {
        said = String((thrown as { stdout?: string }).stdout);
      }
      if (wanted.test(said)) return said;
    }
    throw new Error(`not within 30 seconds: ${what}\n${said}`);
  }

  async remove(): Promise<void> {
    this.#child.kill('SIGKILL');
    while (this.#child.signalCode === null && this.#child.exitCode === null) await sleep(10);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
