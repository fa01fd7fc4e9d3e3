import { LOGINS } from './logins.js';
import { MAIL_SERVERS } from './mail.js';
import type { Preset } from './preset.js';
import { WEB } from './web.js';

export type { Preset } from './preset.js';

/** All of them, in the order in which they are shown. */
export const PRESETS: readonly Preset[] = [...LOGINS, ...MAIL_SERVERS, ...WEB];

const BY_NAME: ReadonlyMap<string, Preset> = new Map(PRESETS.map((preset) => [preset.name, preset]));

/** Undefined for a name that no preset has. */
export const presetNamed = (name: string): Preset | undefined => BY_NAME.get(name);
