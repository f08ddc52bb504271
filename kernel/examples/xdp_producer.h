/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the loader tells the program. */
#ifndef XDP_PRODUCER_H
#define XDP_PRODUCER_H

#include <linux/types.h>

struct producer {
	__u32 value;
	__u16 port;
	__u8 key;
	__u8 pad;
};

#endif
