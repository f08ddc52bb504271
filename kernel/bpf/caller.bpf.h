/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The caller's buffer of a getsockopt. The kernel shows BPF a buffer that its own handler filled,
 * and for an option that it does not know that is none; the keys that are asked for can only be
 * read where the caller left them.
 */
#ifndef TRAITS_CALLER_BPF_H
#define TRAITS_CALLER_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#if defined(__TARGET_ARCH_x86)

#define NR_GETSOCKOPT 55

struct pt_regs {
	unsigned long r10, si, dx, orig_ax;
} __attribute__((preserve_access_index));

#define REGS_NR(regs) ((long)(regs)->orig_ax)
#define REGS_LEVEL(regs) ((int)(regs)->si)
#define REGS_OPTNAME(regs) ((int)(regs)->dx)
#define REGS_OPTVAL(regs) ((const void *)(regs)->r10)

#elif defined(__TARGET_ARCH_arm64)

#define NR_GETSOCKOPT 209

struct pt_regs {
	__u64 regs[31];
	__s32 syscallno;
} __attribute__((preserve_access_index));

#define REGS_NR(r) ((r)->syscallno)
#define REGS_LEVEL(r) ((int)(r)->regs[1])
#define REGS_OPTNAME(r) ((int)(r)->regs[2])
#define REGS_OPTVAL(r) ((const void *)(r)->regs[3])

#else
#error "registers of this architecture are not described"
#endif

/*
 * Finds the caller's buffer. False if the option was not asked for by the getsockopt system call of
 * this architecture (but by io_uring, or another ABI), whose registers mean something else.
 */
static __always_inline int caller_optval(int level, int optname, const void **optval)
{
	struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	*optval = REGS_OPTVAL(regs);
	return REGS_NR(regs) == NR_GETSOCKOPT && REGS_LEVEL(regs) == level && REGS_OPTNAME(regs) == optname;
}

#endif
