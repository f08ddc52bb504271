/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The networks whose inline traits are accepted. Loopback is always one of them.
 */
#ifndef TRAITS_TRUST_H
#define TRAITS_TRUST_H

#include <stdbool.h>
#include <stddef.h>

#include "maps.h"

struct trust {
	bool given;
	size_t count;
	struct trust_key keys[1024];
};

int trust_parse(struct trust *trust, const char *list);
int trust_store(const struct trust *trust, int map);
void trust_print(int map);

#endif
