// The nftables backend as the service opens it by default, in this namespace.
import { NftablesBackend } from '../../dist/backends/nftables/backend.js';
import { Prefix } from '../../dist/model/prefix.js';

const ALLOWED = ['127.0.0.0/8', '192.0.2.0/24'].map((text) => Prefix.parse(text));

export async function openBackend(elementCounters) {
  const backend = new NftablesBackend({
    table: 'dropset',
    hook: 'prerouting',
    priority: -300,
    elementCounters,
    size: 1_572_864,
    allow: ALLOWED,
  });
  await backend.open();
  return backend;
}
