/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The BPF helpers of XDP and TC, by what a program answers that calls them.
 */
#ifndef HELPER_CASES_H
#define HELPER_CASES_H

#include "device.h"

static void helper_gets_what_was_set(enum bpf_prog_type type, int len)
{
	for (int at = 0; at < 16; at += 4) {
		struct program p = program(type);
		__u8 expected[16] = { 0 };
		__u32 word;

		memcpy(expected, bytes, len);
		set(&p, 33, len, bytes);
		set(&p, 34, 8, bytes + 3);
		get(&p, 33, 16);
		CHECK(answer(&p) == len);
			answer_word(&p, at);
		memcpy(&word, expected + at, sizeof(word));
		CHECK((__u32)answer(&p) == word);
	}
}

static void helper_get_of_an_absent_key(enum bpf_prog_type type)
{
	struct program p = program(type);

	get(&p, 5, 16);
	CHECK(answer(&p) == -ENOENT);
}

static void helper_get_with_too_little_room(enum bpf_prog_type type)
{
	struct program p = program(type);

	set(&p, 5, 8, bytes);
	get(&p, 5, 4);
	CHECK(answer(&p) == -ENOSPC);
}

static void helper_refuses_the_key(enum bpf_prog_type type, int key)
{
	struct program p = program(type), q = program(type), r = program(type);

	set(&p, key, 4, bytes);
	CHECK(answer(&p) == -EINVAL);
	get(&q, key, 16);
	CHECK(answer(&q) == -EINVAL);
	del(&r, key);
	CHECK(answer(&r) == -EINVAL);
}

static void helper_refuses_the_length(enum bpf_prog_type type, int len)
{
	struct program p = program(type);

	set(&p, 5, len, bytes);
	CHECK(answer(&p) == -EINVAL);
}

static void helper_refuses_flags(enum bpf_prog_type type)
{
	struct program p = program(type);

	set_flags(&p, 5, 4, bytes, 1);
	CHECK(answer(&p) == -EINVAL);
}

static void helper_set_of_another_length_is_busy(enum bpf_prog_type type)
{
	struct program p = program(type);

	set(&p, 5, 4, bytes);
	set(&p, 5, 8, bytes);
	CHECK(answer(&p) == -EBUSY);
	get(&p, 5, 16);
	CHECK(answer(&p) == 4);
}

static void helper_set_overwrites(enum bpf_prog_type type)
{
	struct program p = program(type);
	__u32 word;

	set(&p, 5, 4, bytes);
	set(&p, 6, 2, bytes);
	set(&p, 5, 4, bytes + 7);
	get(&p, 5, 16);
	answer_word(&p, 0);
	memcpy(&word, bytes + 7, sizeof(word));
	CHECK((__u32)answer(&p) == word);
}

static void helper_has_room_for_200_bytes(enum bpf_prog_type type)
{
	struct program p = program(type);

	for (int key = 0; key < 25; key++)
		set(&p, key, 8, bytes);
	CHECK(answer(&p) == 0);
	set(&p, 25, 2, bytes);
	CHECK(answer(&p) == -ENOSPC);
	get(&p, 24, 16);
	CHECK(answer(&p) == 8);
}

static void helper_del_removes(enum bpf_prog_type type)
{
	struct program p = program(type);

	del(&p, 5);
	CHECK(answer(&p) == -ENOENT);
	set(&p, 5, 4, bytes);
	del(&p, 5);
	CHECK(answer(&p) == 0);
	get(&p, 5, 16);
	CHECK(answer(&p) == -ENOENT);
	set(&p, 5, 8, bytes); /* another length */
	CHECK(answer(&p) == 0);
}

static void helper_del_leaves_the_others(enum bpf_prog_type type)
{
	struct program p = program(type);
	__u32 word;

	set(&p, 9, 4, bytes + 1);
	set(&p, 3, 8, bytes + 2);
	set(&p, 6, 2, bytes + 3);
	del(&p, 3);
	get(&p, 9, 16);
	answer_word(&p, 0);
	memcpy(&word, bytes + 1, sizeof(word));
	CHECK((__u32)answer(&p) == word);
	get(&p, 6, 16);
	CHECK(answer(&p) == 2);
}

static void adjust(struct program *p, int helper, int delta)
{
	load(p, BPF_REG_2, delta);
	call(p, helper);
}

static void packet_does_not_grow_over_the_traits(int helper)
{
	struct program p = program(XDP);

	for (int key = 0; key < 25; key++)
		set(&p, key, 8, bytes);
	adjust(&p, helper, -64);
	CHECK(answer(&p) < 0);
	get(&p, 24, 16);
	CHECK(answer(&p) == 8);
}

static void traits_outlive_an_adjustment(int helper)
{
	struct program p = program(XDP);

	set(&p, 24, 8, bytes);
	adjust(&p, helper, -16);
	adjust(&p, helper, 16); /* the packet is to arrive */
	CHECK(answer(&p) == 0);
	get(&p, 24, 16);
	CHECK(answer(&p) == 8);
}

#endif
