import { type Format, HEAD } from './format.js';

/** nginx's ngx_http_geo_module: to be included inside `geo $denied { default 0; include FILE; }`. A tree, so that long lists cost nothing. */
export const geo: Format = {
  head: HEAD,
  line: (prefix) => `${prefix} 1;\n`,
};
