// Parts of requests that several scenarios send.

export const base64 = (text) => Buffer.from(text).toString('base64');

/** The header of HTTP's basic authentication. */
export const basic = (user, password) => ({ authorization: `Basic ${base64(`${user}:${password}`)}` });

/** A form that is sent. @param {Record<string, string>} fields */
export const form = (fields) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

/** A login to WordPress, by somebody who calls himself a search engine. */
export const login = (log, pwd) => {
  const { headers, ...rest } = form({ log, pwd });
  const agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  return { path: '/wp-login.php', ...rest, headers: { ...headers, 'user-agent': agent } };
};

const CALL = '<?xml version="1.0"?><methodCall><methodName>pingback.ping</methodName><params><param><value><string>';

/** A site's word that it links to another one, in XML-RPC: in chunks. @param {string} link */
export const pingbackOf = (link) => ({
  method: 'POST',
  path: '/xmlrpc.php',
  headers: { 'content-type': 'text/xml' },
  body: [CALL, `${link}</string></value></param></params></methodCall>`],
});

const spam = pingbackOf('http://spam.example/');

/** A pingback as spammers send it: by an old PHP. */
export const pingback = { ...spam, headers: { ...spam.headers, 'user-agent': 'PHP/5.2.10' } };
