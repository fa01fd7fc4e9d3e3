import t from 'tap';
import { native } from '../../../src/native.js';
import { ATTRIBUTE, align, HEADER } from '../../../src/netlink/protocol.js';

t.test('the layout that the codec assumes is the compiler’s', async (t) => {
  t.same(native.layout, {
    nlmsghdr: HEADER,
    'nlmsghdr.type': 4,
    'nlmsghdr.flags': 6,
    'nlmsghdr.sequence': 8,
    'nlmsghdr.port': 12,
    nlattr: ATTRIBUTE,
    'nlattr.type': 2,
    nlmsgerr: 20,
    'nlmsgerr.message': 4,
  });
});

t.test('alignment', async (t) => {
  t.same([0, 1, 3, 4, 5, 65_535].map(align), [0, 4, 4, 4, 8, 65_536]);
});
