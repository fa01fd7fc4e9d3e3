import { closeSync } from 'node:fs';
import type { BackendConfig, ServiceConfig } from '../config/config.js';
import { makeWay } from '../control/server.js';
import { backendOf } from './backends.js';
import { Systemd } from './systemd.js';

/**
 * Takes away what a stopped service left in the kernel. The ledger keeps the bans: the next start writes them again.
 *
 * @returns what was taken away, as a sentence.
 * @throws DropsetError `busy` while a service runs, which would go on as if it dropped.
 */
export async function detach(settings: {
  readonly service: ServiceConfig;
  readonly backend: BackendConfig;
  /** What systemd's variables are taken from: of a unit's own command, which may have thrown away what is stored. */
  readonly environment?: NodeJS.ProcessEnv;
}): Promise<string> {
  await makeWay(settings.service.socket);
  const systemd = new Systemd({ environment: settings.environment ?? {}, pid: process.pid, problem: () => undefined });
  systemd.forget();
  if (systemd.inherited !== undefined) closeSync(systemd.inherited);
  return backendOf(settings.backend, undefined, [], () => undefined).detach();
}
