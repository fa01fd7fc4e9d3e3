import t from 'tap';
import { MemoryBackend } from '../../src/backends/memory/backend.js';
import { Prefix } from '../../src/model/prefix.js';
import { PROTOCOLS } from '../../src/model/scope.js';
import { conformance } from './suite.js';

const UDP = PROTOCOLS.udp;

let now = 1_700_000_000_000;

conformance(t, {
  now: () => now,
  drops: async (backend, address, port = 4000) => (backend as MemoryBackend).drops(Prefix.parse(address), UDP, port),
  scopes: true,
  counts: false,
  pass: async (milliseconds) => {
    now += milliseconds;
  },
  make: async (size) => {
    const backend = new MemoryBackend({ size, clock: () => now });
    await backend.open();
    return backend;
  },
});
