import type { BackendConfig, ServiceConfig } from '../config/config.js';
import { makeWay } from '../control/server.js';
import { backendOf } from './backends.js';

/**
 * Takes away what a stopped service left in the kernel. The ledger keeps the bans: the next start writes them again.
 *
 * @returns what was taken away, as a sentence.
 * @throws DropsetError `busy` while a service runs, which would go on as if it dropped.
 */
export async function detach(settings: {
  readonly service: ServiceConfig;
  readonly backend: BackendConfig;
}): Promise<string> {
  await makeWay(settings.service.socket);
  return backendOf(settings.backend, [], () => undefined).detach();
}
