import { apache22 } from './apache22.js';
import { apache24 } from './apache24.js';
import type { Format } from './format.js';
import { geo } from './geo.js';
import { haproxy } from './haproxy.js';
import { nginx } from './nginx.js';
import { plain } from './plain.js';
import { rewritemap } from './rewritemap.js';

/** By the names that the configuration knows. */
export const FORMATS = {
  apache24,
  apache22,
  rewritemap,
  nginx,
  'nginx-geo': geo,
  haproxy,
  plain,
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;
