/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SipHash-2-4 (Aumasson, Bernstein 2012) of one 64-bit word: a keyed function whose outputs tell
 * nothing about each other to those who do not know the key.
 */
#ifndef TRAITS_SIPHASH_H
#define TRAITS_SIPHASH_H

#include <linux/types.h>

#define SIP_ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

#define SIP_ROUND(a, b, c, d) do { \
	a += b; b = SIP_ROTL(b, 13); b ^= a; a = SIP_ROTL(a, 32); \
	c += d; d = SIP_ROTL(d, 16); d ^= c; \
	a += d; d = SIP_ROTL(d, 21); d ^= a; \
	c += b; b = SIP_ROTL(b, 17); b ^= c; c = SIP_ROTL(c, 32); \
} while (0)

static inline __u64 siphash_u64(__u64 k0, __u64 k1, __u64 word)
{
	const __u64 length = 8ULL << 56;
	__u64 a = k0 ^ 0x736f6d6570736575ULL, b = k1 ^ 0x646f72616e646f6dULL;
	__u64 c = k0 ^ 0x6c7967656e657261ULL, d = k1 ^ 0x7465646279746573ULL;

	d ^= word;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	a ^= word;
	d ^= length;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	a ^= length;
	c ^= 0xff;
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	SIP_ROUND(a, b, c, d);
	return a ^ b ^ c ^ d;
}

#endif
