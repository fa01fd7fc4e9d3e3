import { type Format, HEAD } from './format.js';

/**
 * nginx's ngx_http_access_module and ngx_stream_access_module: to be included where `deny` may stand (http, server, location). It is searched
 * from its top for each request.
 */
export const nginx: Format = {
  head: HEAD,
  line: (prefix) => `deny ${prefix};\n`,
};
