/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket API of packet traits as an application sees it: the option numbers and the one
 * structure that every get and set is made of.
 */
#ifndef PKT_TRAITS_H
#define PKT_TRAITS_H

#include <linux/types.h>

/* getsockopt, int: version of this API. Its presence tells a process that it is served. */
#define TRAITS_ABI 0x5400
/* setsockopt and getsockopt, int 0 or 1: a listener keeps the traits of each SYN. */
#define TCP_SAVE_SYN_TRAITS 0x5401
/* setsockopt and getsockopt, struct pkt_trait[n]. */
#define TCP_SYN_TRAITS 0x5402

#define TRAITS_ABI_VERSION 1

#define PKT_TRAIT_KEYS 64
/* Sum of the sizes of all values that one socket can hold, in bytes. */
#define PKT_TRAIT_ROOM 200
/* In the first element of a get: all traits that are there. */
#define PKT_TRAIT_ANY_KEY 0xff
/* `len` of a trait that is set and has no value. */
#define PKT_TRAIT_FLAG 0xff

/*
 *  0        1        2        3        4                                 8
 *  +--------+--------+--------+--------+--------+--------+--------+--------+
 *  | _zpad_1|   key  |   len  | io_err |              _zpad_2              |
 *  +--------+--------+--------+--------+--------+--------+--------+--------+
 *  |                     val, 16 bytes, unused ones zero                   |
 */
struct pkt_trait {
	__u8 _zpad_1;
	__u8 key;
	__u8 len;
	__u8 io_err;
	__u32 _zpad_2;
	__u8 val[16];
};

_Static_assert(sizeof(struct pkt_trait) == 24, "struct pkt_trait is 24 bytes");

/*
 * How XDP gives traits to a packet: a trait store in the metadata area (bpf_xdp_adjust_meta), and
 * a mark at the very end of the area, right before the packet.
 *
 *  0          8          16                                    size           size + 4
 *  +----------+----------+------------------------+-----------+----+------+---+---+---...
 *  |   high   |   low    |  values in key order   | 0 to 3    |size|layout|'T'|'R'| packet
 *  | host u64 | host u64 |  without gaps          | zeros     |    |      |   |   |
 *  +----------+----------+------------------------+-----------+----+------+---+---+---...
 *
 * Bit k of high and of low say what key k is; `size`, a multiple of 4, counts the bytes before the
 * mark. The mark stands at the end because that is the only place whose address everybody knows:
 * what other programs keep in the area before it is left alone, and a header of the packet that
 * grew over the metadata takes the mark first.
 */
struct pkt_trait_mark {
	__u8 size;
	__u8 layout;
	__u8 magic[2];
};

#define PKT_TRAIT_MAGIC0 'T'
#define PKT_TRAIT_MAGIC1 'R'

/* Sizes for (high, low) = (0, 1), (1, 0) and (1, 1); (0, 0) is an absent key. */
#define PKT_TRAIT_LAYOUT_RFC_V1 1 /* 2, 4, 8 bytes */
#define PKT_TRAIT_LAYOUT_RFC_V2 2 /* flag, 4, 8 bytes */
#define PKT_TRAIT_LAYOUT_TALK 3   /* 4, 8, 16 bytes */

_Static_assert(sizeof(struct pkt_trait_mark) == 4, "struct pkt_trait_mark is 4 bytes");

#endif
