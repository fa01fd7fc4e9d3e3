import t from 'tap';
import { MemoryBackend } from '../../src/backends/memory/backend.js';
import { conformance } from './suite.js';

let now = 1_700_000_000_000;

conformance(t, {
  now: () => now,
  pass: async (milliseconds) => {
    now += milliseconds;
  },
  make: async (size) => {
    const backend = new MemoryBackend({ size, clock: () => now });
    await backend.open();
    return backend;
  },
});
