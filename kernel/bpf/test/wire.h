/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the test tells the program that sits on the wire, and what that saw. */
#ifndef WIRE_H
#define WIRE_H

#include <linux/types.h>

#define WIRE_OPTION 40

struct wire {
	__u32 drop;    /* SYNs to be dropped from now on */
	__u32 replace; /* bytes of `option` that take the place of our option in each SYN; 0: none */
	__u32 syns;    /* SYNs seen */
	__u32 options; /* SYNs seen with our option */
	__u32 at;      /* where our option begins and all options end, of the SYN at hand; */
	__u32 end;     /* kept here because the verifier does not follow what is in a map */
	__u8 option[WIRE_OPTION];
	__u8 seen[WIRE_OPTION]; /* our option as it was sent, zero after its end */
};

#endif
