import { messageOf } from '../model/errors.js';
import { Daemon, type DaemonOptions } from './daemon.js';

/**
 * Starts the service; SIGHUP has it read its configuration anew, and SIGTERM or SIGINT stop it. Resolves when it has stopped.
 *
 * @throws DropsetError if it cannot start.
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  let daemon: Daemon | undefined;
  let isDue = false;
  const reload = (): void => {
    isDue = daemon === undefined;
    // Whatever becomes of it has been said.
    daemon?.reload().catch(() => undefined);
  };
  // Before it starts: a hang-up then would be the end of it.
  process.on('SIGHUP', reload);
  try {
    daemon = await Daemon.start(options);
    if (isDue) reload();
    const signal = await ending();
    await daemon.stop(signal).catch((thrown) => {
      options.log.hear({ kind: 'note', level: 'error', message: `stopping: ${messageOf(thrown)}` }, Date.now());
    });
  } finally {
    process.off('SIGHUP', reload);
  }
}

const ending = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
