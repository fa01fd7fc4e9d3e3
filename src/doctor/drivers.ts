/** What a driver asks for before it runs XDP natively. */
export interface Driver {
  /** The first kernel where it does, major and minor. */
  readonly since: readonly [number, number];
  /** The largest MTU where a packet must fit one buffer, with pages of 4 KiB. */
  readonly mtu?: number;
  /** What must be off, by the names of ethtool's -K, with the kernel's names of the features. */
  readonly off?: Readonly<Record<string, string>>;
  /** Half of the queues must be free to send by. */
  readonly halfOfQueues?: true;
}

const LRO = { lro: 'rx-lro' } as const;
const GRO_HW = { 'rx-gro-hw': 'rx-gro-hw' } as const;

/**
 * Drivers whose conditions are known. `since` is asked before kernel 6.3, which does not say what a driver can do.
 *
 * Sources: "Drivers supporting native XDP" in Cilium's BPF reference; the drivers' own refusals (virtnet_xdp_set,
 * ena_xdp_allowed, netvsc_xdp_set, mlx5e_xdp_allowed, ixgbe_xdp_setup, i40e_xdp_setup, ice_xdp_setup_prog, igc_xdp_set_prog,
 * nicvf_xdp_setup); Documentation/networking/device_drivers/ethernet/microsoft/netvsc.rst.
 */
export const DRIVERS: ReadonlyMap<string, Driver> = new Map<string, Driver>([
  ['virtio_net', { since: [4, 10], mtu: 3506 }],
  ['ena', { since: [5, 6], mtu: 3498, halfOfQueues: true }],
  ['hv_netvsc', { since: [5, 6], mtu: 3506, off: LRO }],
  ['mlx5_core', { since: [4, 9], mtu: 3498, off: { ...LRO, ...GRO_HW } }],
  ['mlx4_core', { since: [4, 8] }],
  ['ixgbe', { since: [4, 12], mtu: 3050, off: LRO }],
  ['ixgbevf', { since: [4, 17] }],
  ['i40e', { since: [4, 13], mtu: 3046 }],
  ['ice', { since: [5, 5], mtu: 3046 }],
  ['igc', { since: [5, 13], mtu: 1500 }],
  ['nicvf', { since: [4, 12], mtu: 1508 }],
  ['bnxt_en', { since: [4, 11] }],
  ['nfp', { since: [4, 10] }],
  ['qede', { since: [4, 10] }],
  ['veth', { since: [4, 19] }],
  ['tun', { since: [4, 14] }],
]);
