/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traits-bpf: what its parts know of each other. Functions return 0, or -1 after they said on
 * standard error what went wrong and what would help.
 */
#ifndef TRAITS_LOADER_H
#define TRAITS_LOADER_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "maps.h"

/* error.c */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void explain_missing_privilege(void);
/* From now on what libbpf says is kept for explain(), which prints it. */
void libbpf_listen(void);
int explain(const char *what, int error);

/* A BPF object file becomes part of this program. */
#define EMBED(name, file) \
	__asm__(".section .rodata\n" \
		".balign 16\n" \
		#name ": .incbin \"" TRAITS_OBJECTS "/" file "\"\n" \
		#name "_end:\n" \
		".previous\n"); \
	extern const char name[], name##_end[]

/* cgroup.c: a directory of the cgroup v2 hierarchy. */
struct cgroup {
	int fd;
	bool created;
	uint64_t id;
	char path[PATH_MAX];
};

int cgroup_mount(char path[PATH_MAX]);
int cgroup_open(struct cgroup *cg, const char *dir, bool create);
void cgroup_close(struct cgroup *cg);
int cgroup_join(const struct cgroup *cg, int pid);
bool cgroup_populated(const struct cgroup *cg);
/* Path of the directory with that id; false if there is none. */
bool cgroup_path(uint64_t id, char path[PATH_MAX]);
/* Calls visit for the directory and all below it, until it returns true. */
bool cgroup_walk(const char *path, bool (*visit)(const char *path, uint64_t id, void *arg), void *arg);

/* trust.c: who may send traits inline. Loopback always may. */
struct trust {
	bool given;
	size_t count;
	struct trust_key keys[1024];
};

int trust_parse(struct trust *trust, const char *list);
int trust_store(const struct trust *trust, int map);
void trust_print(int map);

/* pins.c: what is pinned under bpffs. */
#define PIN_ROOT "/sys/fs/bpf"
#define PIN_BASE PIN_ROOT "/pkttraits"
#define PIN_SHARED PIN_BASE "/shared-" TRAITS_SHARED_LAYOUT

/* The BPF file system is there; pins_lock mounts it if it is not. */
bool pins_mounted(void);
/* Waits for other traits-bpf processes; pins_unlock removes what serves nobody any more. */
int pins_lock(void);
void pins_unlock(int lock);
void pin_path(char path[PATH_MAX], uint64_t id, const char *name);
bool pin_exists(uint64_t id, const char *name);
int pin_mark(uint64_t id, const char *name);
void pin_unmark(uint64_t id, const char *name);
void pins_remove(uint64_t id);
void pins_remove_stale(void);
int pins_each(int (*visit)(uint64_t id, void *arg), void *arg);
/* Makes the directory of what is shared. */
int pins_share(void);

/* A device is known by its network namespace (inode number) and its index in there. */
struct device {
	uint64_t netns;
	uint32_t ifindex;
};

void pins_of_device(char path[PATH_MAX], const struct device *device, const char *name);
void pins_remove_device(const struct device *device);
int pins_each_device(int (*visit)(const struct device *device, void *arg), void *arg);

/* Pinned last, so that its presence means that all of it is there. */
#define PIN_COMPLETE "sockops"
/* Markers: the instance, and its directory, go away with the last `exec`. */
#define MARK_EXEC "by-exec"
#define MARK_CREATED "created"

/* instance.c: the programs on one cgroup directory. All of these need the lock. */
struct bpf_object;
/* Before the object is loaded: this map is the one under that pin. */
int share_map(struct bpf_object *object, const char *map, const char *pin);
bool instance_is_up(uint64_t id);
/* Id of the instance that serves the directory, its own or an ancestor's; 0 if none. */
uint64_t instance_serving(const struct cgroup *cg);
int instance_up(const struct cgroup *cg, const struct trust *trust);
int instance_set_trust(uint64_t id, const struct trust *trust);

/* tc.c: our filter on the ingress of a device of this network namespace. Answers are 0 or -errno. */
struct tc_filter {
	uint32_t prog_id;
	uint32_t handle;
	uint32_t priority;
	uint32_t qdisc; /* the clsact qdisc is ours */
};

int tc_attach(int ifindex, int prog_fd, struct tc_filter *filter);
bool tc_attached(int ifindex, const struct tc_filter *filter);
int tc_detach(int ifindex, const struct tc_filter *filter);

/* device.c: the program on a device. */
struct device_record {
	char name[IFNAMSIZ]; /* when it was attached */
	struct tc_filter filter;
};

int device_attach(const char *name);
int device_detach(const char *name);
int device_record(const struct device *device, struct device_record *record);
/* The filter, and so the device, is there; in whatever network namespace that is. */
bool device_is_attached(const struct device_record *record);
void devices_remove_stale(void);

/* status.c */
int status_print(const char *dir);

/* exec.c */
int exec_command(const char *dir, const struct trust *trust, char **command);

#endif
