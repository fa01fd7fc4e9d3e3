import { closeSync } from 'node:fs';
import type { BackendChoice, BackendConfig, ServiceConfig } from '../config/config.js';
import { makeWay } from '../control/server.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { backendOf } from './backends.js';
import { Systemd } from './systemd.js';

/**
 * Takes away what a stopped service left, of every backend, whatever becomes of the others. The ledger keeps the bans: the next start writes
 * them again.
 *
 * @returns what was taken away, as a sentence.
 * @throws DropsetError `busy` while a service runs, which would go on as if it dropped; or that of the first backend that failed.
 */
export async function detach(settings: {
  readonly service: ServiceConfig;
  readonly backend: BackendConfig;
  readonly backends: readonly BackendChoice[];
  /** What systemd's variables are taken from: of a unit's own command, which may have thrown away what is stored. */
  readonly environment?: NodeJS.ProcessEnv;
}): Promise<string> {
  await makeWay(settings.service.socket);
  const systemd = new Systemd({ environment: settings.environment ?? {}, pid: process.pid, problem: () => undefined });
  systemd.forget();
  if (systemd.inherited !== undefined) closeSync(systemd.inherited);
  const done: string[] = [];
  const failed: unknown[] = [];
  for (const choice of settings.backends) {
    const backend = backendOf(choice, settings.backend, { allow: [], say: () => undefined });
    await backend.detach().then(
      (sentence) => done.push(sentence),
      (thrown) => failed.push(thrown),
    );
  }
  const [first] = failed;
  if (first === undefined) return done.join('; ');
  const code = first instanceof DropsetError ? first.code : 'kernel';
  throw new DropsetError(code, [...failed.map(messageOf), ...done].join('; '), { cause: first });
}
