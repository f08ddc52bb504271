/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Metadata that is not ours, stores that are malformed, and any bytes at all.
 */
#ifndef META_SHAPE_CASES_H
#define META_SHAPE_CASES_H

#include <stdlib.h>

#include "meta_device.h"

static const struct {
	const char *name;
	int malformed;
	__u8 size;
	__u8 bytes[60];
} shapes[] = {
	{ "another mark", 0, 24, { 1, [8] = 0, [16] = 1, 2, 3, 4, 20, V1, 'T', 'S' } },
	{ "another first letter", 0, 24, { 1, [16] = 1, 2, 3, 4, 20, V1, 'S', 'R' } },
	{ "mark at the start alone", 0, 24, { 20, V1, 'T', 'R', 1, [20] = 9, 9, 9, 9 } },
	{ "mark alone", 1, 4, { 0, V1, 'T', 'R' } },
	{ "mark alone with a size", 1, 4, { 16, V1, 'T', 'R' } },
	{ "store of 12 bytes", 1, 16, { [12] = 12, V1, 'T', 'R' } },
	{ "size beyond the area", 1, 24, { 1, [16] = 1, 2, 3, 4, 24, V1, 'T', 'R' } },
	{ "size far beyond the area", 1, 24, { 1, [16] = 1, 2, 3, 4, 252, V1, 'T', 'R' } },
	{ "size that is no multiple of 4", 1, 24, { 1, [16] = 1, 2, 3, 4, 18, V1, 'T', 'R' } },
	{ "layout 0", 1, 24, { 1, [16] = 1, 2, 3, 4, 20, 0, 'T', 'R' } },
	{ "layout 4", 1, 24, { 1, [16] = 1, 2, 3, 4, 20, 4, 'T', 'R' } },
	{ "layout 255", 1, 24, { 1, [16] = 1, 2, 3, 4, 20, 255, 'T', 'R' } },
	{ "value that is not there", 1, 24, { 3, [16] = 1, 2, 3, 4, 20, V1, 'T', 'R' } },
	{ "value cut off", 1, 24, { 1, [8] = 1, [16] = 1, 2, 3, 4, 20, V1, 'T', 'R' } },
	{ "mark read as a value", 1, 20, { 1, [16] = 16, V1, 'T', 'R' } },
	{ "all 64 keys", 1, 24, { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
				  1, 2, 3, 4, 20, V1, 'T', 'R' } },
	{ "bytes after the last value", 1, 24, { [16] = 1, 2, 3, 4, 20, V1, 'T', 'R' } },
	{ "padding that is not zero", 1, 24, { [8] = 1, [16] = 1, 2, 0, 4, 20, V1, 'T', 'R' } },
	{ "padding of a whole word", 1, 28, { 1, [16] = 1, 2, 3, 4, 0, 0, 0, 0, 24, V1, 'T', 'R' } },
};

static void shape_leaves_no_traits(size_t i)
{
	const uint64_t malformed = counter(device_map, DEVICE_COUNT_malformed);
	const uint64_t stores = counter(device_map, DEVICE_COUNT_stores);

	meta_set(shapes[i].bytes, shapes[i].size, 0);
	check_traits(accepted(), NULL, 0);
	CHECK(counter(device_map, DEVICE_COUNT_malformed) == malformed + shapes[i].malformed);
	CHECK(counter(device_map, DEVICE_COUNT_stores) == stores);
}

/* Whatever XDP writes, the connection is served, and its store is good or malformed. */
static void random_stores_are_served(unsigned int seed)
{
	const uint64_t malformed = counter(device_map, DEVICE_COUNT_malformed);
	const uint64_t stores = counter(device_map, DEVICE_COUNT_stores);
	uint64_t seen;

	srandom(seed);
	printf("# seed %u\n", seed);
	for (int i = 0; i < 500; i++) {
		const int size = 20 + random() % 50 * 4;
		__u8 bytes[256];

		for (int b = 0; b < size; b++)
			bytes[b] = random() % 3 || b >= 16 ? 0 : 1 << random() % 8;
		memcpy(bytes + size - 4, (__u8[]){ size - 4, 1 + random() % 3, 'T', 'R' }, 4);
		if (random() % 4 == 0)
			bytes[random() % size] = random();
		meta_set(bytes, size, 0);
		close(accepted());
	}
	seen = counter(device_map, DEVICE_COUNT_malformed) - malformed + counter(device_map, DEVICE_COUNT_stores) - stores;
	CHECK(seen > 400 && seen <= 500);
	CHECK(counter(device_map, DEVICE_COUNT_stores) > stores);
}

#endif
