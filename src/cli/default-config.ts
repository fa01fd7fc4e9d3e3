/** Where the configuration is unless --config says otherwise. */
export const DEFAULT_CONFIG = '/etc/dropset/dropset.toml';
