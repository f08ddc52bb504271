/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Elements that no set accepts.
 */
#ifndef BAD_ELEMENTS_H
#define BAD_ELEMENTS_H

#include "subject.h"
#include "values.h"

static inline struct pkt_trait with_len(int len)
{
	struct pkt_trait t = trait(1, 4, bytes);

	t.len = len;
	return t;
}

static inline struct pkt_trait with_pads(int first, __u32 second, int io_err)
{
	struct pkt_trait t = trait(1, 4, bytes);

	t._zpad_1 = first;
	t._zpad_2 = second;
	t.io_err = io_err;
	return t;
}

#define KEY(key) trait(key, 4, bytes)
#define ABSENT_KEY(key) trait(key, 0, NULL)
#define LEN(len) with_len(len)
#define PAD_1(value) with_pads(value, 0, 0)
#define PAD_2(value) with_pads(0, value, 0)
#define IO_ERR(error) with_pads(0, 0, error)

/* Runs a case for each; the names say which. */
#define CASES_OF_BAD_ELEMENTS(function) do { \
	CASE(function, KEY(64)); \
	CASE(function, KEY(128)); \
	CASE(function, KEY(254)); \
	CASE(function, KEY(255)); \
	CASE(function, ABSENT_KEY(64)); \
	CASE(function, ABSENT_KEY(255)); \
	CASE(function, LEN(1)); \
	CASE(function, LEN(3)); \
	CASE(function, LEN(5)); \
	CASE(function, LEN(15)); \
	CASE(function, LEN(17)); \
	CASE(function, LEN(128)); \
	CASE(function, LEN(254)); \
	CASE(function, PAD_1(1)); \
	CASE(function, PAD_1(0x80)); \
	CASE(function, PAD_2(1)); \
	CASE(function, PAD_2(1 << 24)); \
	CASE(function, IO_ERR(EIO)); \
} while (0)

#endif
