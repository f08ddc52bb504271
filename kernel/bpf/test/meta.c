// SPDX-License-Identifier: Apache-2.0
/*
 * What XDP sets, a socket reads. Runs in the network namespace of the device `two` (10.8.0.2,
 * fd08::2), in a cgroup that is up with --trust 10.8.0.0/24, and connects from another namespace
 * (10.8.0.1, fd08::1). usage: meta OBJECT COUNTERS CLIENT_NETNS native|generic attached|detached
 */
#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "meta_shape_cases.h"
#include "meta_store_cases.h"
#include "meta_syn_cases.h"

#define DEVICE "two"

static void device_that_is_not_attached_sees_nothing(void)
{
	meta_set(v1_store, sizeof(v1_store), 0);
	check_traits(accepted(), NULL, 0);
	CHECK(meta_refused() == 0);
}

static void attached_cases(void)
{
	RUN(store_is_delivered, "10.8.0.2", "10.8.0.2");
	RUN(store_is_delivered, "fd08::2", "fd08::2");
	RUN(store_is_delivered, "::", "10.8.0.2");
	RUN(store_is_delivered, "::", "fd08::2");
	RUN(store_of_rfc_v2_is_delivered);
	RUN(store_of_the_talk_is_delivered);
	RUN(store_of_192_bytes_is_delivered);
	RUN(metadata_before_the_store_is_left_alone);
	RUN(headers_before_tcp, IPPROTO_IP, IP_OPTIONS, ip_options, sizeof(ip_options));
	RUN(headers_before_tcp, IPPROTO_IP, IP_OPTIONS, ip_options_40, sizeof(ip_options_40));
	RUN(headers_before_tcp, IPPROTO_IPV6, IPV6_HOPOPTS, ipv6_options, sizeof(ipv6_options));
	RUN(headers_before_tcp, IPPROTO_IPV6, IPV6_DSTOPTS, ipv6_options, sizeof(ipv6_options));
	RUN(no_store_no_traits);
	RUN(wire_option_without_a_store_is_delivered);
	RUN(store_wins_over_the_wire, 1);
	RUN(store_wins_over_the_wire, 2);
	RUN(empty_store_wins_over_the_wire);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		tap_case_failed = 0;
		shape_leaves_no_traits(i);
		tap_result(shapes[i].name);
	}
	RUN(random_stores_are_served, getpid());
	RUN(connections_are_not_mixed_up);
	RUN(syn_without_a_store_has_nothing_of_an_earlier_one);
	RUN(metadata_up_to_216_bytes);
}

int main(int argc, char **argv)
{
	const bool native = argc == 6 && !strcmp(argv[4], "native"), attached = argc == 6 && !strcmp(argv[5], "attached");
	const int flags = native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE, device = if_nametoindex(DEVICE);
	struct bpf_object *object;
	char path[256];
	struct stat netns;

	if (argc != 6) {
		fprintf(stderr, "usage: %s OBJECT COUNTERS CLIENT_NETNS native|generic attached|detached\n", argv[0]);
		return 2;
	}
	here = MUST(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
	there = MUST(open(argv[3], O_RDONLY | O_CLOEXEC));
	counters_map = MUST(bpf_obj_get(argv[2]));
	object = bpf_object__open_file(argv[1], NULL);
	MUST(object ? bpf_object__load(object) : -1);
	meta_map = bpf_object__find_map_fd_by_name(object, "meta");
	MUST(bpf_xdp_attach(device, bpf_program__fd(bpf_object__find_program_by_name(object, "meta_xdp")), flags, NULL));
	if (attached) {
		MUST(fstat(here, &netns));
		snprintf(path, sizeof(path), PINS "dev-%lu-%d/counts", (unsigned long)netns.st_ino, device);
		device_map = MUST(bpf_obj_get(path));
		attached_cases();
	} else {
		RUN(device_that_is_not_attached_sees_nothing);
	}
	MUST(bpf_xdp_detach(device, flags, NULL));
	bpf_object__close(object);
	return tap_end();
}
