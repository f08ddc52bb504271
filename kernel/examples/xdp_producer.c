// SPDX-License-Identifier: Apache-2.0
/*
 * Puts xdp_producer.bpf.o, which lies beside this program, on a device, or takes it off again.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <libgen.h>
#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../bpf/pkt_traits.h"
#include "xdp_producer.h"

static int usage(void)
{
	fputs("usage: xdp_producer DEV PORT KEY VALUE   gives SYNs to PORT the trait KEY (0..63), a u32 in host order\n"
	      "       xdp_producer DEV off\n", stderr);
	return 2;
}

static int failed(const char *what, int error)
{
	fprintf(stderr, "xdp_producer: %s: %s\n", what, strerror(-error));
	return 1;
}

static bool number(const char *text, unsigned long max, unsigned long *value)
{
	char *end;

	*value = strtoul(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && *value <= max;
}

static int put_on(int device, const char *name, const struct producer *producer)
{
	char self[PATH_MAX] = "", path[PATH_MAX + 32];
	struct bpf_object *object;
	const __u32 zero = 0;
	int error;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return usage();
	snprintf(path, sizeof(path), "%s/xdp_producer.bpf.o", dirname(self));
	object = bpf_object__open_file(path, NULL);
	if (!object)
		return 1; /* libbpf has said why */
	error = bpf_object__load(object);
	if (!error)
		error = bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "producer"), &zero, producer, BPF_ANY);
	if (!error)
		error = bpf_xdp_attach(device, bpf_program__fd(bpf_object__find_program_by_name(object, "xdp_producer")), 0,
				       NULL);
	bpf_object__close(object);
	return error ? failed(name, error) : 0;
}

int main(int argc, char **argv)
{
	unsigned long port, key, value;
	const int device = argc > 1 ? (int)if_nametoindex(argv[1]) : 0;

	if (argc == 3 && !strcmp(argv[2], "off") && device) {
		const int error = bpf_xdp_detach(device, 0, NULL);

		return error ? failed(argv[1], error) : 0;
	}
	if (argc != 5 || !device || !number(argv[2], 65535, &port) || !number(argv[3], PKT_TRAIT_KEYS - 1, &key) ||
	    !number(argv[4], 0xffffffff, &value))
		return usage();
	return put_on(device, argv[1], &(struct producer){ .value = value, .port = port, .key = key });
}
