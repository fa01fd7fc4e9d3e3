// The XDP program: what a packet costs in it, its memory, how bans get into it, and what it does to a flood.
import { measureBackend } from './xdp/backend.mjs';
import { openTables } from './xdp/full.mjs';
import { measureLive } from './xdp/live.mjs';
import { measureLoad } from './xdp/load.mjs';
import { measureMemory } from './xdp/memory.mjs';
import { measureOne } from './xdp/one.mjs';
import { measurePackets } from './xdp/packet.mjs';
import { loadPrograms } from './xdp/programs.mjs';
import { compareStructures } from './xdp/structures.mjs';

const memory = measureMemory();
const backend = await measureBackend();
measureLoad(backend);
const opened = openTables();
const programs = loadPrograms(opened.program);
measurePackets(opened, programs);
await measureLive(opened, programs);
// Last, because the kernel is busy for a while when a trie of a million goes.
compareStructures(programs, memory);
measureOne(opened, backend);
process.exit(0);
