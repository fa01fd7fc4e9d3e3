/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What one packet may cost at most: every loop of the program ends at one of these. */
#ifndef DROPSET_LIMITS_H
#define DROPSET_LIMITS_H

#define VLAN_TAGS 2         /* 802.1Q inside 802.1ad */
#define EXTENSION_HEADERS 4 /* of IPv6, walked only to find the ports of an address that is banned from some alone */
#define PENDING 64          /* packets of one element that a CPU keeps to itself before it adds them up */

/* Prefix lengths that can be in use at once. */
#define LENGTHS4 32     /* /0 to /31 */
#define LENGTHS6_WIDE 64 /* /0 to /63 */
#define LENGTHS6_LONG 64 /* /64 to /127 */

#endif
