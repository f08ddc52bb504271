// SPDX-License-Identifier: Apache-2.0
/*
 * Loads the BPF programs, attaches them to a cgroup directory, and pins what keeps them there.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "instance.h"
#include "object.h"
#include "pins.h"

/* Pinned last: an instance that has this pin is complete. */
#define PIN_COMPLETE "sockops"

EMBED(traits_object, "traits.bpf.o");

bool instance_is_up(uint64_t id)
{
	return pin_exists(id, PIN_COMPLETE);
}

uint64_t instance_serving(const struct cgroup *cg)
{
	char path[PATH_MAX];
	struct stat st;

	strcpy(path, cg->path);
	for (char *slash = path + strlen(path); slash && slash != path; slash = strrchr(path, '/')) {
		*slash = 0;
		if (!stat(path, &st) && instance_is_up(st.st_ino))
			return st.st_ino;
	}
	return 0;
}

int instance_set_trust(uint64_t id, const struct trust *trust)
{
	char path[PATH_MAX];
	int map, error;

	pin_path(path, id, "trust");
	map = bpf_obj_get(path);
	if (map < 0)
		return explain(path, errno);
	error = trust_store(trust, map);
	close(map);
	return error;
}

/* The key that makes tickets unguessable is drawn once, by the first instance of the host. */
static int draw_secret(int map)
{
	struct ticket_secret secret;
	const __u32 zero = 0;

	if (bpf_map_lookup_elem(map, &zero, &secret))
		return explain("ticket key", errno);
	if (secret.k0 | secret.k1)
		return 0;
	if (getrandom(&secret, sizeof(secret), 0) != sizeof(secret))
		return explain("getrandom", errno);
	return bpf_map_update_elem(map, &zero, &secret, BPF_ANY) ? explain("ticket key", errno) : 0;
}

static int attach(struct bpf_object *object, const struct cgroup *cg, const char *program, const char *pin)
{
	struct bpf_link *link;
	char path[PATH_MAX];
	int error = 0;

	link = bpf_program__attach_cgroup(bpf_object__find_program_by_name(object, program), cg->fd);
	if (!link)
		return explain("cannot attach to the cgroup", errno);
	pin_path(path, cg->id, pin);
	if (bpf_link__pin(link, path))
		error = explain(path, errno);
	bpf_link__destroy(link); /* the pin, if there is one, keeps it attached */
	return error;
}

static int pin_map(struct bpf_object *object, const struct cgroup *cg, const char *map, const char *pin)
{
	char path[PATH_MAX];

	pin_path(path, cg->id, pin);
	return bpf_map__pin(bpf_object__find_map_by_name(object, map), path) ? explain(path, errno) : 0;
}

static int map_fd(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

static int load_and_attach(struct bpf_object *object, const struct cgroup *cg, const struct trust *trust)
{
	if (object_share(object, "traits_tickets", PIN_SHARED "/tickets") ||
	    object_share(object, "traits_secret", PIN_SHARED "/secret") ||
	    object_share(object, "traits_xdp", PIN_SHARED "/xdp"))
		return -1;
	if (bpf_object__load(object))
		return explain("cannot load the BPF programs", errno);
	if (draw_secret(map_fd(object, "traits_secret")) || trust_store(trust, map_fd(object, "traits_trust")) ||
	    pin_map(object, cg, "traits_trust", "trust") || pin_map(object, cg, "traits_counts", "counts"))
		return -1;
	return attach(object, cg, "traits_setsockopt", "setsockopt") ||
		       attach(object, cg, "traits_getsockopt", "getsockopt") ||
		       attach(object, cg, "traits_sockops", PIN_COMPLETE) ?
	       -1 : 0;
}

static bool other_is_up(const char *path, uint64_t id, void *arg)
{
	const struct cgroup *cg = arg;

	if (id == cg->id || !instance_is_up(id))
		return false;
	fail("%s below it is up already, and a socket can be served only once; run: traits-bpf down --cgroup %s",
	     path, path);
	return true;
}

int instance_up(const struct cgroup *cg, const struct trust *trust)
{
	struct bpf_object *object;
	char path[PATH_MAX];
	uint64_t serving;
	int error;

	if (instance_is_up(cg->id))
		return instance_set_trust(cg->id, trust);
	serving = instance_serving(cg);
	if (serving)
		return fail("%s is served by %s above it already", cg->path,
			    cgroup_path(serving, path) ? path : "a directory");
	if (cgroup_walk(cg->path, other_is_up, (void *)cg))
		return -1;
	libbpf_listen();
	object = object_open(traits_object, traits_object_end);
	if (!object)
		return -1;
	pins_remove(cg->id); /* the remains of one that was killed on the way */
	pin_path(path, cg->id, "");
	if (mkdir(path, 0700) || pins_share())
		error = explain(path, errno);
	else
		error = load_and_attach(object, cg, trust);
	if (error)
		pins_remove(cg->id);
	bpf_object__close(object);
	return error;
}
