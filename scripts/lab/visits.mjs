// What visitors of a server do, those who mean well and those who do not: orders of operator.mjs. Each is bounded in time.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

const MOST = 65_536;

/** Resolves once, with what `begin` gives to its first argument, or with `late` after some milliseconds. */
const once = (timeout, late, begin) =>
  new Promise((resolve) => {
    let end = () => undefined;
    const timer = setTimeout(() => done(late()), timeout);
    const done = (value) => {
      clearTimeout(timer);
      end();
      resolve(value);
    };
    end = begin(done) ?? end;
  });

/** Whether a TCP connection comes about: a closed port is one too, since somebody answers. */
export const reach = ({ from, to, port, timeout = 700 }) =>
  once(
    timeout,
    () => ({ ok: false }),
    (done) => {
      const socket = connect({ host: to, port, localAddress: from });
      socket.once('connect', () => done({ ok: true }));
      socket.on('error', ({ code }) => done({ ok: code === 'ECONNREFUSED' }));
      return () => socket.destroy();
    },
  );

/** An HTTP request; answers its status, or `ok: false`. A list as body is sent in chunks, one each. */
export const request = ({ from, to, port, method = 'GET', path = '/', headers = {}, body = [], timeout = 15_000 }) =>
  once(
    timeout,
    () => ({ ok: false, error: undefined }),
    (done) => {
      const options = { host: to, port, localAddress: from, method, path, headers, agent: false };
      const asked = httpRequest(options, (answer) => {
        answer.resume();
        answer.once('end', () => done({ ok: true, status: answer.statusCode }));
        answer.once('error', () => done({ ok: false }));
      });
      asked.on('error', () => done({ ok: false }));
      for (const chunk of [body].flat()) asked.write(chunk);
      asked.end();
      return () => asked.destroy();
    },
  );

/**
 * A talk over TCP in lines, as SMTP, IMAP and SSH begin: hears a line, says the next, and so on, and hangs up after it has heard what
 * follows the last. `open` keeps the connection for so many milliseconds more.
 */
export const converse = ({ from, to, port, lines = [], timeout = 15_000, open = 0 }) => {
  const heard = [];
  const rest = [...lines];
  return once(
    timeout,
    () => ({ ok: heard.length > 0, heard }),
    (done) => {
      const socket = connect({ host: to, port, localAddress: from });
      let text = '';
      socket.on('data', (data) => {
        text = (text + data).slice(-MOST);
        if (!whole(text)) return;
        heard.push(text.trimEnd());
        text = '';
        const next = rest.shift();
        if (next !== undefined) socket.write(`${next}\r\n`);
        else done({ ok: true, heard });
      });
      for (const event of ['error', 'close']) socket.once(event, () => done({ ok: heard.length > 0, heard }));
      return () => setTimeout(() => socket.destroy(), open);
    },
  );
};

/** Whether an answer is complete: SMTP's `250-` goes on, and so does IMAP's `*` unless it greets. */
const whole = (text) => text.endsWith('\n') && !/^(?:\d{3}-|\* (?!OK|BYE))/.test(text.trimEnd().split('\n').at(-1));
