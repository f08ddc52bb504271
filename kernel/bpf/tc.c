// SPDX-License-Identifier: Apache-2.0
/*
 * A filter on the ingress of a device, in the clsact qdisc that is there or else in one of our own.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tc.h"

#define FIRST_PRIORITY 1
#define KERNEL_S_CHOICE 0

/* What the kernel answers to a request for all filters in one direction. */
static bool has_filter(int netlink, int ifindex, uint32_t direction)
{
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
	} request = {
		.head = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETTFILTER,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.tc = { .tcm_ifindex = ifindex, .tcm_parent = TC_H_MAKE(TC_H_CLSACT, direction) },
	};
	_Alignas(struct nlmsghdr) char answer[32768];

	if (send(netlink, &request, sizeof(request), 0) < 0)
		return true;
	for (;;) {
		int left = recv(netlink, answer, sizeof(answer), 0);

		if (left <= 0)
			return true;
		for (struct nlmsghdr *m = (void *)answer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left))
			if (m->nlmsg_type != NLMSG_NOOP)
				return m->nlmsg_type != NLMSG_DONE;
	}
}

/* In doubt there are: what is not known to be unused stays. */
static bool has_filters(int ifindex)
{
	const uint32_t directions[] = { TC_H_MIN_INGRESS, TC_H_MIN_EGRESS };
	bool found = false;

	for (int i = 0; i < 2 && !found; i++) {
		const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

		found = netlink < 0 || has_filter(netlink, ifindex, directions[i]);
		if (netlink >= 0)
			close(netlink);
	}
	return found;
}

static void destroy_if_unused(int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, both, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);

	if (!has_filters(ifindex))
		bpf_tc_hook_destroy(&both);
}

static uint32_t program_id(int prog_fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(prog_fd, &info, &size) ? 0 : info.id;
}

/*
 * First of all filters, so that none ends the walk before ours, which ends it for none; unless
 * filters of another kind or protocol have that place.
 */
int tc_attach(int ifindex, int prog_fd, struct tc_filter *filter)
{
	const uint32_t priorities[] = { FIRST_PRIORITY, KERNEL_S_CHOICE };
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	int error = bpf_tc_hook_create(&hook);

	if (error && error != -EEXIST)
		return error;
	*filter = (struct tc_filter){ .qdisc = !error, .prog_id = program_id(prog_fd) };
	for (int i = 0; i < 2; i++) {
		LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = prog_fd, .priority = priorities[i]);

		error = bpf_tc_attach(&hook, &opts);
		if (!error) {
			filter->handle = opts.handle;
			filter->priority = opts.priority;
			return 0;
		}
	}
	if (filter->qdisc)
		destroy_if_unused(ifindex);
	return error;
}

bool tc_attached(int ifindex, const struct tc_filter *filter)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = filter->handle, .priority = filter->priority);

	return !bpf_tc_query(&hook, &opts) && opts.prog_id == filter->prog_id;
}

int tc_detach(int ifindex, const struct tc_filter *filter)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = filter->handle, .priority = filter->priority);
	const int error = bpf_tc_detach(&hook, &opts);

	if (!error && filter->qdisc)
		destroy_if_unused(ifindex);
	return error;
}
