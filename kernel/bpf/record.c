// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <errno.h>
#include <unistd.h>

#include "error.h"
#include "record.h"

/* Pinned last: a device that has a record is complete. */
int record_pin(const struct device *device, const struct record *record)
{
	const int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "traits_record", sizeof(__u32), sizeof(*record), 1, NULL);
	const __u32 zero = 0;
	char path[PATH_MAX];
	int error;

	pins_of_device(path, device, "record");
	error = map < 0 || bpf_map_update_elem(map, &zero, record, BPF_ANY) || bpf_obj_pin(map, path) ?
		explain(path, errno) : 0;
	if (map >= 0)
		close(map);
	return error;
}

int record_read(const struct device *device, struct record *record)
{
	const __u32 zero = 0;
	char path[PATH_MAX];
	int map, error;

	pins_of_device(path, device, "record");
	map = bpf_obj_get(path);
	if (map < 0)
		return -1;
	error = bpf_map_lookup_elem(map, &zero, record) ? -1 : 0;
	close(map);
	return error;
}

/* Only the filter holds the program. The kernel gives out a program's number again after 2^31 others. */
bool record_is_attached(const struct record *record)
{
	const int program = bpf_prog_get_fd_by_id(record->filter.prog_id);

	if (program < 0)
		return errno != ENOENT;
	close(program);
	return true;
}
