// SPDX-License-Identifier: Apache-2.0
/*
 * The program on the ingress of a device. It is kept by its filter and goes away with the device;
 * what is pinned are its counters, and the record of where the filter is.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader.h"

EMBED(ingress_object, "ingress.bpf.o");

static int device_find(const char *name, struct device *device)
{
	struct stat netns;

	device->ifindex = if_nametoindex(name);
	if (!device->ifindex)
		return fail("no device %s in this network namespace; see: ip link", name);
	if (stat("/proc/self/ns/net", &netns))
		return fail("/proc/self/ns/net: %s", strerror(errno));
	device->netns = netns.st_ino;
	return 0;
}

/* Pinned last, so that its presence means that all of it is there. */
static int record_pin(const struct device *device, const struct device_record *record)
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

int device_record(const struct device *device, struct device_record *record)
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

/* Only the filter holds the program. Its number is not given to another for two thousand million programs. */
bool device_is_attached(const struct device_record *record)
{
	const int program = bpf_prog_get_fd_by_id(record->filter.prog_id);

	if (program < 0)
		return errno != ENOENT;
	close(program);
	return true;
}

static int remove_if_stale(const struct device *device, void *arg)
{
	struct device_record record;

	(void)arg;
	if (device_record(device, &record) ? errno == ENOENT : !device_is_attached(&record))
		pins_remove_device(device);
	return 0;
}

void devices_remove_stale(void)
{
	pins_each_device(remove_if_stale, NULL);
}

static int pin_and_attach(struct bpf_object *object, const struct device *device, const char *name)
{
	struct device_record record = { 0 };
	char path[PATH_MAX];
	int error;

	pins_of_device(path, device, "");
	if (mkdir(path, 0700) || pins_share())
		return explain(path, errno);
	if (share_map(object, "traits_xdp", PIN_SHARED "/xdp"))
		return -1;
	if (bpf_object__load(object))
		return explain("cannot load the BPF program", errno);
	pins_of_device(path, device, "counts");
	if (bpf_map__pin(bpf_object__find_map_by_name(object, "ingress_counts"), path))
		return explain(path, errno);
	error = tc_attach(device->ifindex, bpf_program__fd(bpf_object__find_program_by_name(object, "traits_ingress")),
			  &record.filter);
	if (error)
		return explain(name, -error);
	snprintf(record.name, sizeof(record.name), "%s", name);
	if (record_pin(device, &record)) {
		tc_detach(device->ifindex, &record.filter);
		return -1;
	}
	return 0;
}

static int attach(const struct device *device, const char *name)
{
	struct device_record record;
	struct bpf_object *object;
	int error;

	libbpf_listen();
	if (!device_record(device, &record) && tc_attached(device->ifindex, &record.filter))
		return 0;
	pins_remove_device(device);
	object = bpf_object__open_mem(ingress_object, ingress_object_end - ingress_object, NULL);
	if (!object)
		return explain("BPF object", errno);
	error = pin_and_attach(object, device, name);
	if (error)
		pins_remove_device(device);
	bpf_object__close(object);
	return error;
}

static int detach(const struct device *device, const char *name)
{
	struct device_record record;
	int error;

	libbpf_listen();
	if (device_record(device, &record) || !tc_attached(device->ifindex, &record.filter))
		return fail("%s is not attached", name);
	error = tc_detach(device->ifindex, &record.filter);
	if (error)
		return explain(name, -error);
	pins_remove_device(device);
	return 0;
}

static int locked(int (*command)(const struct device *device, const char *name), const char *name)
{
	struct device device;
	int lock, error;

	if (device_find(name, &device))
		return -1;
	/* `ip netns exec` hides it: one that we mounted there would be gone with this process. */
	if (!pins_mounted())
		return fail("no BPF file system on " PIN_ROOT "; run: mount -t bpf bpf " PIN_ROOT
			    ", and instead of `ip netns exec NAME` use: nsenter --net=/run/netns/NAME");
	lock = pins_lock();
	if (lock < 0)
		return -1;
	pins_remove_stale();
	error = command(&device, name);
	pins_unlock(lock);
	return error;
}

int device_attach(const char *name)
{
	return locked(attach, name);
}

int device_detach(const char *name)
{
	return locked(detach, name);
}
