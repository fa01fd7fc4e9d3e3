// Plays one scenario: an attack, the ban, what becomes of the attacker's packets, the ban's end; and somebody else who is served all the while.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Account what happened
 * @property {number} attempts that the attacker had made when the ban came
 * @property {string} reason the service's
 * @property {string} line the log's line that tipped it
 * @property {boolean} dropped whether nothing was answered to the attacker while the ban stood
 * @property {number} packets that the kernel dropped by then, of this attacker
 * @property {number} early milliseconds that the attacker was answered before the ban's end; 0 is right
 * @property {boolean} back whether the attacker was answered again afterwards
 * @property {number} served how often the client got what it asked for
 * @property {string[]} missed what the client got instead
 */

/**
 * What of an account is not as it should be: sentences.
 *
 * @param {Account} account
 * @param {{tries: number, refusal?: RegExp}} scenario
 * @returns {string[]}
 */
export function faultsOf({ attempts, dropped, packets, early, back, served, missed }, { tries, refusal }) {
  const faults = [
    [attempts !== tries, `the ban came after ${attempts} attempts, not ${tries}`],
    [!dropped, 'the banned attacker was answered'],
    [!refusal && packets < 1, 'no packet was dropped'],
    [early > 0, `the attacker was answered ${early} ms before the end of the ban`],
    [!back, 'the attacker was not answered after the end of the ban'],
    [served < 3, `the client was served ${served} times`],
    [missed.length > 0, `the client was not served: ${missed.slice(0, 3).join('; ')}`],
  ];
  return faults.filter(([holds]) => holds).map(([, fault]) => fault);
}

/**
 * @param {import('./stage.mjs').Stage} stage
 * @param {string} name
 * @param {{family?: 4 | 6, tell?: (sentence: string) => void}} options
 * @returns {Promise<Account>}
 * @throws where it cannot go on: no ban came, for example
 */
export async function play(stage, name, { family = 4, tell = () => undefined } = {}) {
  const scenario = stage.scenarios[name];
  const [attacker, client] = [stage.attacker(name, family), stage.client(name, family)];
  const company = new Company(() => scenario.visit(client), scenario.welcome);
  await company.once();
  tell(`${client.address} asks as it should, and is answered: ${company.last}`);
  const going = company.keepComing();

  const mine = ({ address, jail }) => jail === name && sameNetwork(address, attacker.address);
  const attempts = await attack(stage, scenario, attacker, mine, tell);
  const ban = await stage.event((event) => event.event === 'ban' && mine(event), 10_000);
  if (!ban) throw new Error(`nobody was banned after ${attempts} attempts\n${stage.said()}`);
  tell(ban.message);

  const { isAnswered, isDenied } = waysOf(scenario, attacker);
  const dropped = await isDenied();
  const served = company.served;
  const packets = scenario.refusal ? 0 : await counted(stage, name, ban, mine);
  const { lines } = await lineOf(stage, ban.address, name);
  tell(`the line that tipped it: ${lines.at(-1)}`);
  const state = dropped ? (scenario.refusal ? 'refused now' : 'not answered any more') : 'still answered';
  tell(`${attacker.address} is ${state}${scenario.refusal ? '' : `: ${packets} of its packets were dropped`}`);
  await company.until(served + 1);
  tell(`${client.address} is still served`);

  const end = Date.parse(ban.until);
  const early = await answeredBefore(end, isAnswered);
  const back = early > 0 || (await eventually(isAnswered));
  tell(`the ban's time is over: ${attacker.address} is ${back ? 'answered again' : 'still not answered'}`);
  company.leave();
  await going;
  tell(`meanwhile ${client.address} came ${company.served} times, and was refused ${company.missed.length} times`);
  return {
    ...{ attempts, reason: ban.reason, line: lines.at(-1), dropped, packets },
    ...{ early, back, served: company.served, missed: company.missed },
  };
}

/**
 * How one sees that somebody is banned: TCP connections do not come about, at once; or, by a list of who is denied, the program refuses what it
 * gives to others, soon.
 */
function waysOf({ refusal, visit, port, programs }, attacker) {
  if (!refusal) {
    const isAnswered = () => attacker.reach(port ?? programs[0].port);
    return { isAnswered, isDenied: async () => !(await isAnswered()) };
  }
  const isRefused = async () => refusal.test((await visit(attacker)) ?? '');
  return { isAnswered: async () => !(await isRefused()), isDenied: () => eventually(isRefused, 4000) };
}

/** Attempts, one after the other, until the ban comes; answers how many there were. */
async function attack(stage, scenario, attacker, mine, tell) {
  const isBan = (event) => event.event === 'ban' && mine(event);
  const banned = stage.event(isBan, 60_000).then(() => BANNED);
  for (let count = 1; count <= scenario.tries; count++) {
    // A ban that one attempt fewer had led to would have come by now.
    if (count === scenario.tries && count > 1 && (await stage.event(isBan, 300))) return count - 1;
    const answer = await Promise.race([scenario.attack(attacker, count), banned]);
    if (answer === BANNED) return count;
    tell(`${attacker.address}, attempt ${count}: ${answer ?? 'no answer'}`);
  }
  return scenario.tries;
}

const BANNED = Symbol('banned');

/** A ban of IPv6 is of a /64. */
const sameNetwork = (banned, address) =>
  banned === address || (banned.endsWith('::/64') && address.startsWith(banned.slice(0, -'::/64'.length)));

/** Packets that were dropped by a ban, once there are any, or 0 at its end. */
async function counted(stage, name, ban, mine) {
  for (const end = Date.parse(ban.until); Date.now() < end; await sleep(100)) {
    const [listed] = (await stage.ask(`/v1/bans?jail=${name}`)).filter(mine);
    if (listed?.packets > 0) return listed.packets;
  }
  return 0;
}

async function lineOf(stage, address, jail) {
  const { bans } = await stage.ask(`/v1/why?address=${encodeURIComponent(address)}`);
  return bans.find((ban) => ban.jail === jail) ?? { lines: [] };
}

/** How many milliseconds before `end` somebody was answered; 0 if not. */
async function answeredBefore(end, reach) {
  while (Date.now() < end - 100) {
    const began = Date.now();
    if ((await reach()) && began < end) return end - began;
    await sleep(200);
  }
  return 0;
}

async function eventually(holds, milliseconds = 10_000) {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(100)) if (await holds()) return true;
  return false;
}

/** Somebody with good reasons, who comes again and again. */
class Company {
  served = 0;
  missed = [];
  last = '';
  #visit;
  #welcome;
  #leaving = false;

  constructor(visit, welcome) {
    this.#visit = visit;
    this.#welcome = welcome;
  }

  async once() {
    const answer = (await this.#visit()) ?? 'no answer';
    this.last = answer;
    if (this.#welcome.test(answer)) this.served++;
    else this.missed.push(answer);
  }

  async keepComing() {
    for (; !this.#leaving; await sleep(250)) await this.once();
  }

  /** Resolves when so many visits have ended well. */
  async until(served) {
    for (const end = Date.now() + 10_000; this.served < served && Date.now() < end; ) await sleep(20);
  }

  leave() {
    this.#leaving = true;
  }
}
