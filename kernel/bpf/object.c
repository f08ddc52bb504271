// SPDX-License-Identifier: Apache-2.0
#include <bpf/libbpf.h>
#include <errno.h>

#include "error.h"
#include "object.h"

struct bpf_object *object_open(const char *from, const char *end)
{
	struct bpf_object *object = bpf_object__open_mem(from, end - from, NULL);

	if (!object)
		explain("BPF object", errno);
	return object;
}

int object_share(struct bpf_object *object, const char *map, const char *pin)
{
	return bpf_map__set_pin_path(bpf_object__find_map_by_name(object, map), pin) ? explain(pin, errno) : 0;
}
