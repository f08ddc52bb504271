/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF programs keep in maps, and what the loader reads from and writes to them.
 */
#ifndef TRAITS_MAPS_H
#define TRAITS_MAPS_H

#include "pkt_traits.h"

/* Changes with every change to a map that instances share: other layouts do not meet. */
#define TRAITS_SHARED_LAYOUT "2"

#define TRAITS_TICKETS 16384
#define TRAITS_SYNS 16384

/*
 * The traits of one socket. A socket's traits can be overwritten but neither removed nor resized,
 * so values are simply appended. 16 bytes of slack let a value be handled as two 64-bit words
 * wherever it lies.
 */
struct trait_set {
	__u8 len[PKT_TRAIT_KEYS]; /* 0 absent, PKT_TRAIT_FLAG, 2, 4, 8 or 16 */
	__u8 off[PKT_TRAIT_KEYS];
	__u32 used;
	__u32 pad;
	__u8 val[PKT_TRAIT_ROOM + 16];
};

/* A set that waits for the SYN that carries its ticket. Addresses as IPv6, IPv4 mapped. */
struct waiting_set {
	__u8 src[16];
	__u8 dst[16];
	struct trait_set set;
};

/*
 * A SYN that XDP gave traits to, as both the device and the accepted socket know it. Without its
 * destination: that may be another by the time the SYN arrives at a socket (DNAT).
 */
struct syn_key {
	__u8 src[16];
	__u32 isn;  /* initial sequence number; network order like the port */
	__u16 port;
	__u16 zero;
};

/* kind 254, length, 'T', 'R', TLVs. The rest of a SYN leaves room for 16 bytes of TLVs. */
#define TRAITS_OPT_HEAD 4
#define TRAITS_OPT_MAX_OUT (TRAITS_OPT_HEAD + 16)
#define TRAITS_OPT_MAX_IN 40
#define TRAITS_OPT_TICKET (TRAITS_OPT_HEAD + 2 + 8)
#define TRAITS_KEY_TICKET 0xff

/* Per socket that has traits, set or received. */
struct sock_traits {
	__u8 connected;  /* a connection was attempted or accepted since these traits were set */
	__u8 opt_len;    /* SYN option to be sent; 0: none */
	__u8 opt_ticket; /* opt carries the ticket */
	__u8 counted;    /* a retransmitted SYN is not counted again */
	__u8 write_cb;   /* the WRITE_HDR_OPT callback was enabled by us */
	__u8 bad;        /* the set in progress met an element that cannot be set */
	__u8 next_key;   /* lowest key that the TLV being parsed may have */
	__u8 pad;
	__u64 ticket;
	__u8 opt[TRAITS_OPT_MAX_IN + 24];
	struct waiting_set out;
};

/* Per socket that saves, inherited by the sockets it accepts. */
struct sock_save {
	__u8 save;
	__u8 save_syn; /* TCP_SAVE_SYN was switched on by us */
};

struct ticket_secret {
	__u64 k0;
	__u64 k1;
	__u64 counter;
};

struct trust_key {
	__u32 prefixlen;
	__u8 addr[16];
};

/*
 * What is counted, per cgroup directory. The names are those that `traits-bpf status` prints.
 * New ones come last: an instance that an earlier release set up does not have them.
 */
#define TRAITS_COUNTERS(C) \
	C(sets)                 /* setsockopt(TCP_SYN_TRAITS) that applied all it was given */ \
	C(set_errors)           /* ... that answered an error */ \
	C(gets)                 /* getsockopt(TCP_SYN_TRAITS) answered */ \
	C(get_errors)           \
	C(sent_inline)          /* SYNs, retransmissions not counted */ \
	C(sent_ticket)          \
	C(elided)               /* SYNs sent without their traits: no room, no ticket */ \
	C(received_inline)      /* accepted connections with traits */ \
	C(received_ticket)      \
	C(unknown_ticket)       /* from another kernel, or dropped since */ \
	C(untrusted)            /* traits ignored because of who sent them */ \
	C(malformed)            /* SYN whose options or TLVs are malformed */ \
	C(foreign)              /* SYN with an experimental option of somebody else */ \
	C(no_syn)               /* saving was on but the kernel kept no SYN (SYN cookies) */ \
	C(no_memory)            \
	C(received_xdp)         /* accepted connections with the traits that XDP set */ \
	C(lost_xdp)             /* dropped by the hash as they were being taken out */

#define TRAITS_COUNTER_ENUM(name) COUNT_##name,
enum { TRAITS_COUNTERS(TRAITS_COUNTER_ENUM) COUNT_MAX };

/* What is counted per device. */
#define DEVICE_COUNTERS(C) \
	C(stores)               /* SYNs whose store waits for a socket */ \
	C(malformed)            /* SYNs whose metadata has our mark, and no good store before it */ \
	C(no_memory)

#define DEVICE_COUNTER_ENUM(name) DEVICE_COUNT_##name,
enum { DEVICE_COUNTERS(DEVICE_COUNTER_ENUM) DEVICE_COUNT_MAX };

#endif
