/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs on a veth, and what they answer there.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <linux/if_link.h>
#include <linux/pkt_cls.h>

#include "netlink.h"
#include "program.h"
#include "udp_path_cases.h"

#define XDP BPF_PROG_TYPE_XDP
#define TC BPF_PROG_TYPE_SCHED_CLS

static void attach_xdp(int program, __u32 flags)
{
	const struct ifinfomsg veth = { .ifi_index = if_nametoindex("veth") };
	struct request r = request(RTM_SETLINK, 0, &veth, sizeof(veth));
	struct rtattr *xdp = attribute(&r, IFLA_XDP | NLA_F_NESTED, NULL, 0);

	attribute(&r, IFLA_XDP_FD, &program, sizeof(program));
	attribute(&r, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	attribute_end(&r, xdp);
	ask(&r, "XDP on veth");
}

static void attach_tc(int program, int direction)
{
	struct tcmsg veth = { .tcm_ifindex = if_nametoindex("veth"), .tcm_parent = TC_H_CLSACT,
			      .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0) };
	struct request r = request(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &veth, sizeof(veth));
	const __u32 flags = TCA_BPF_FLAG_ACT_DIRECT;
	struct rtattr *options;

	attribute(&r, TCA_KIND, "clsact", 7);
	ask(&r, "clsact on veth");
	veth.tcm_parent = TC_H_MAKE(TC_H_CLSACT, direction);
	veth.tcm_handle = 0;
	veth.tcm_info = TC_H_MAKE(1 << 16, htons(ETH_P_ALL));
	r = request(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &veth, sizeof(veth));
	attribute(&r, TCA_KIND, "bpf", 4);
	options = attribute(&r, TCA_OPTIONS, NULL, 0);
	attribute(&r, TCA_BPF_FD, &program, sizeof(program));
	attribute(&r, TCA_BPF_NAME, "traits", 7);
	attribute(&r, TCA_BPF_FLAGS, &flags, sizeof(flags));
	attribute_end(&r, options);
	ask(&r, "BPF in TC of veth");
}

/*
 * What the program answers for a datagram. A test run would not do: XDP has traits on the devices
 * alone that hand them on.
 */
static int answer(struct program *p)
{
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, FAR_4, FAR_4);
	const int results = make_map(), code = p->count;
	__u32 result = 0x5a5a5a5a;
	int fd;

	map(BPF_MAP_UPDATE_ELEM, results, &result);
	emit(p, BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_VALUE, 0, results);
	emit(p, 0, 0, 0, 0, 0);
	emit(p, BPF_STX | BPF_MEM | BPF_W, BPF_REG_1, BPF_REG_0, 0, 0);
	load(p, BPF_REG_0, p->type == XDP ? XDP_PASS : TC_ACT_OK);
	fd = load_program(p);
	p->count = code;
	enter(v.far);
	if (p->type == XDP)
		attach_xdp(fd, XDP_FLAGS_DRV_MODE);
	else
		attach_tc(fd, TC_H_MIN_INGRESS);
	enter(v.near);
	NEED(send_plain(u.out, &u.at, "x") == 1);
	receive(u.in);
	map(BPF_MAP_LOOKUP_ELEM, results, &result);
	close(fd);
	close(results);
	close_udp(&u);
	close(v.near);
	close(v.far);
	return result;
}

#endif
