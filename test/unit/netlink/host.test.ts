import t from 'tap';
import { hostI32, hostU8, hostU16, hostU32, hostU64 } from '../../../src/netlink/host.js';

const bytes = Buffer.from('fffefdfcfbfaf9f8', 'hex');

t.test('integers in host order', async (t) => {
  t.equal(hostU8(bytes), 0xff);
  t.equal(hostU16(bytes), 0xfeff);
  t.equal(hostU32(bytes), 0xfcfdfeff);
  t.equal(hostI32(bytes), 0xfcfdfeff - 2 ** 32);
  t.equal(hostU64(bytes), 0xf8f9fafbfcfdfeffn);
});

t.test('what is absent or too short is no integer, and no failure', async (t) => {
  for (const [read, width] of [
    [hostU8, 1],
    [hostU16, 2],
    [hostU32, 4],
    [hostI32, 4],
    [hostU64, 8],
  ] as const) {
    t.equal(read(undefined), undefined);
    t.equal(read(bytes.subarray(0, width - 1)), undefined, `${width} bytes`);
    t.not(read(bytes.subarray(0, width)), undefined);
  }
});
