/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test tells its BPF programs to do with each packet to its port, and what they answered.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <linux/types.h>

enum operation { SET = 1, GET, DEL, ADJUST_META, ADJUST_HEAD };

struct step {
	__u32 operation;
	__u32 key;
	__u32 len;
	__u32 flags;
	__s64 result; /* output */
	__u8 val[16]; /* output of GET */
};

#define STEPS 8

struct script {
	__u16 port; /* host order, of UDP or TCP; only these packets */
	__u16 steps;
	__u32 runs; /* output: how many there were */
	__u32 verdict; /* XDP: what to return for them */
	struct step step[STEPS];
};

#endif
