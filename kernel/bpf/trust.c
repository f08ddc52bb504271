// SPDX-License-Identifier: Apache-2.0
/*
 * Networks whose inline traits are accepted.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "trust.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static int parse_cidr(struct trust_key *key, const char *cidr)
{
	const char *slash = strchr(cidr, '/');
	char address[INET6_ADDRSTRLEN], *end;
	unsigned long bits;
	int width;

	memset(key, 0, sizeof(*key));
	if (snprintf(address, sizeof(address), "%.*s", (int)(slash ? slash - cidr : (long)strlen(cidr)), cidr) >=
	    (int)sizeof(address))
		return -1;
	if (inet_pton(AF_INET, address, key->addr + 12) == 1) {
		memcpy(key->addr, mapped, sizeof(mapped));
		width = 32;
	} else if (inet_pton(AF_INET6, address, key->addr) == 1) {
		width = 128;
	} else {
		return -1;
	}
	bits = width;
	if (slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -1;
		bits = strtoul(slash + 1, &end, 10);
		if (*end || bits > (unsigned long)width)
			return -1;
	}
	key->prefixlen = bits + 128 - width;
	for (unsigned int i = key->prefixlen; i < 128; i++)
		if (key->addr[i / 8] & (0x80 >> i % 8))
			return -2;
	return 0;
}

static int add(struct trust *trust, const char *cidr)
{
	const size_t max = sizeof(trust->keys) / sizeof(trust->keys[0]);

	if (trust->count == max)
		return fail("--trust: more than %zu networks", max - 2);
	switch (parse_cidr(&trust->keys[trust->count], cidr)) {
	case 0:
		trust->count++;
		return 0;
	case -2:
		return fail("--trust: %s has bits set beyond its prefix", cidr);
	default:
		return fail("--trust: %s is not a network such as 10.0.0.0/8 or 2001:db8::/32", cidr);
	}
}

int trust_parse(struct trust *trust, const char *list)
{
	char *copy, *next, *cidr;
	int error = 0;

	trust->count = 0;
	trust->given = list != NULL;
	add(trust, "127.0.0.0/8");
	add(trust, "::1");
	if (!list)
		return 0;
	next = copy = strdup(list);
	while (!error && (cidr = strsep(&next, ",")))
		error = add(trust, cidr);
	free(copy);
	return error;
}

static bool contains(const struct trust *trust, const struct trust_key *key)
{
	for (size_t i = 0; i < trust->count; i++)
		if (!memcmp(&trust->keys[i], key, sizeof(*key)))
			return true;
	return false;
}

int trust_store(const struct trust *trust, int map)
{
	struct trust_key at, next;
	const uint8_t yes = 1;
	bool again;

	for (size_t i = 0; i < trust->count; i++)
		if (bpf_map_update_elem(map, &trust->keys[i], &yes, BPF_ANY))
			return fail("cannot store trusted networks: %s", strerror(errno));
	do { /* a walk ends where the key it stands on is removed */
		again = false;
		for (int end = bpf_map_get_next_key(map, NULL, &next); !end;
		     end = bpf_map_get_next_key(map, &at, &next)) {
			at = next;
			if (!contains(trust, &at)) {
				bpf_map_delete_elem(map, &at);
				again = true;
				break;
			}
		}
	} while (again);
	return 0;
}

void trust_print(int map)
{
	struct trust_key at, next;
	const char *comma = "";

	for (int end = bpf_map_get_next_key(map, NULL, &next); !end; end = bpf_map_get_next_key(map, &at, &next)) {
		char text[INET6_ADDRSTRLEN];
		const bool v4 = next.prefixlen >= 96 && !memcmp(next.addr, mapped, sizeof(mapped));

		at = next;
		inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? at.addr + 12 : at.addr, text, sizeof(text));
		printf("%s%s/%u", comma, text, v4 ? at.prefixlen - 96 : at.prefixlen);
		comma = ",";
	}
}
