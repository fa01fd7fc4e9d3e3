// Who has which address. Attackers and clients sit in networks of their own before the host, and before a proxy that stands before it.

const NETWORKS = {
  host: { attackers: { 4: '198.51.100.', 6: '2001:db8:1:' }, clients: { 4: '192.0.2.', 6: '2001:db8:2:' } },
  proxy: { attackers: { 4: '198.18.1.', 6: '2001:db8:11:' }, clients: { 4: '198.18.2.', 6: '2001:db8:12:' } },
};

const LENGTH = { 4: 24, 6: 48 };
const FIRST_ATTACKER = 66;

/** The cable between the proxy and the host. */
export const PROXY = '203.0.113.2';
export const BEHIND_PROXY = '203.0.113.1';
export const CLIENT = 7;

/** @typedef {'host' | 'proxy'} Place @typedef {'attackers' | 'clients'} Side */

/** Number 1 is the host's or the proxy's own; everybody has a /64 for himself. @param {Place} place @param {Side} side @param {4 | 6} family */
export const addressOf = (place, side, family, number) => {
  const network = NETWORKS[place][side][family];
  return family === 4 ? `${network}${number}` : `${network}${number}::${number}`;
};

/** The number of the attacker of the n-th scenario, from 0. */
export const attackerOf = (scenario) => FIRST_ATTACKER + scenario;

/** Addresses of one interface, with the length of its networks. @param {number[]} numbers */
export const interfaceOf = (place, side, numbers) =>
  numbers.flatMap((number) => [4, 6].map((family) => `${addressOf(place, side, family, number)}/${LENGTH[family]}`));
