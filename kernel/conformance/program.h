/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BPF programs that set, get and delete traits, made by hand: the kernel that has the helpers comes
 * without BTF, and the machine it runs on without a compiler.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <linux/bpf.h>
#include <sys/syscall.h>

#include "values.h"

/* Appended to enum bpf_func_id of Linux 6.1. */
enum { SKB_TRAIT_SET = 210, SKB_TRAIT_GET, SKB_TRAIT_DEL, XDP_TRAIT_SET, XDP_TRAIT_GET, XDP_TRAIT_DEL };

#define BUFFER (-32) /* of a value, from the frame pointer */
#define CONTEXT BPF_REG_6

struct program {
	enum bpf_prog_type type;
	int count;
	struct bpf_insn code[1024];
};

static void emit(struct program *p, int code, int dst, int src, int off, int imm)
{
	p->code[p->count++] = (struct bpf_insn){ .code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm };
}

static void load(struct program *p, int reg, int value)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, reg, 0, 0, value);
}

static struct program program(enum bpf_prog_type type)
{
	struct program p = { .type = type };

	emit(&p, BPF_ALU64 | BPF_MOV | BPF_X, CONTEXT, BPF_REG_1, 0, 0);
	for (int i = 0; i < 4; i++)
		emit(&p, BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, BUFFER + i * 8, 0);
	return p;
}

static void call(struct program *p, int helper)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, CONTEXT, 0, 0);
	emit(p, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

static void call_on_trait(struct program *p, int helper, int key, int len)
{
	load(p, BPF_REG_2, key);
	emit(p, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_10, 0, 0);
	emit(p, BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, BUFFER);
	load(p, BPF_REG_4, len);
	call(p, helper + (p->type == BPF_PROG_TYPE_XDP ? XDP_TRAIT_SET - SKB_TRAIT_SET : 0));
}

/* Each leaves its answer in register 0. */
static void set_flags(struct program *p, int key, int len, const __u8 *val, int flags)
{
	for (int i = 0; i < 4; i++) {
		int word;

		memcpy(&word, val + i * 4, sizeof(word));
		emit(p, BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, BUFFER + i * 4, word);
	}
	load(p, BPF_REG_5, flags);
	call_on_trait(p, SKB_TRAIT_SET, key, len);
}

static void set(struct program *p, int key, int len, const __u8 *val)
{
	set_flags(p, key, len, val, 0);
}

static void get(struct program *p, int key, int len)
{
	call_on_trait(p, SKB_TRAIT_GET, key, len);
}

static void del(struct program *p, int key)
{
	call_on_trait(p, SKB_TRAIT_DEL, key, 16);
}

static void answer_word(struct program *p, int at)
{
	emit(p, BPF_LDX | BPF_MEM | BPF_W, BPF_REG_0, BPF_REG_10, BUFFER + at, 0);
}

static int load_program(struct program *p)
{
	static char log[65536];
	union bpf_attr attr = { .prog_type = p->type };
	int fd;

	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	attr.insns = (unsigned long)p->code;
	attr.insn_cnt = p->count;
	attr.license = (unsigned long)"GPL";
	attr.log_buf = (unsigned long)log;
	attr.log_size = sizeof(log);
	attr.log_level = 1;
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0 && strlen(log) > 200) /* the end says what is wrong */
		for (char *line = strtok(log + strlen(log) - 200, "\n"); line; line = strtok(NULL, "\n"))
			printf("# %s\n", line);
	return must(fd, "BPF_PROG_LOAD");
}

static int map(int command, int fd, __u32 *value)
{
	__u32 first = 0;
	union bpf_attr attr = { .map_fd = fd, .key = (unsigned long)&first, .value = (unsigned long)value };

	return MUST((int)syscall(SYS_bpf, command, &attr, sizeof(attr)));
}

static int make_map(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };

	return MUST((int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)));
}

#endif
