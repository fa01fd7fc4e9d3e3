import { spawn } from 'node:child_process';

/** Milliseconds that a command may take. */
const PATIENCE = 10_000;

/**
 * Asks an `ignorecommand` whether to spare an address: exit code 0 says yes. `<ip>` in the command is replaced; an address is all
 * that can stand there, so nothing of a log reaches the shell.
 *
 * @returns whether to spare it; false also if the command fails or takes too long, as in fail2ban.
 */
export function spares(command: string, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command.replaceAll('<ip>', address)], {
      stdio: 'ignore',
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => resolve(false)).on('exit', (code) => resolve(code === 0));
  });
}
