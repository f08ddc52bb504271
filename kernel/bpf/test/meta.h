/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the test tells the XDP program to put before each packet, and what came of it. */
#ifndef META_H
#define META_H

#include <linux/types.h>

#define META_WORDS_MAX 64

struct meta {
	__u32 size;    /* bytes of metadata, 0: none */
	__u32 port;    /* word of it that gets the source port of plain TCP over IPv4, 0: none */
	__u32 refused; /* packets that the kernel gave no metadata */
	__u32 words[META_WORDS_MAX];
};

#endif
