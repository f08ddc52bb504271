// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traits between BPF programs and sockets on the patched kernel: a script of helper calls is run
 * on the packets to one port, in XDP on veth and on lo (generic), or in TC. Needs root; changes
 * network namespaces of its own only.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>

#include "datagram.h"
#include "script.h"

enum where { XDP, TC };

static struct bpf_object *object;
static char data[65000];

/* Where packets to a socket of ours come in: lo, or the far end of a veth. */
struct place {
	const char *device;
	const char *host;
	const char *namespace; /* of the receiver */
};

static const struct place lo = { "lo", "127.0.0.1", NULL }, veth = { "v1", "10.9.0.2", "far" };
static int home;

static void enter(const struct place *p)
{
	char path[64];
	int fd;

	if (!p->namespace)
		return;
	snprintf(path, sizeof(path), "/run/netns/%s", p->namespace);
	fd = MUST(open(path, O_RDONLY));
	MUST(setns(fd, CLONE_NEWNET));
	close(fd);
}

static void leave(void)
{
	MUST(setns(home, CLONE_NEWNET));
}

static int program(const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

static struct script script_now(enum where where)
{
	struct script s;
	const __u32 index = where;

	MUST(bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(object, "scripts"), &index, &s));
	return s;
}

static void write_script(enum where where, const struct script *s)
{
	const __u32 index = where;

	MUST(bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "scripts"), &index, s, BPF_ANY));
}

static struct script script(const struct address *at, const struct step *steps, int count)
{
	struct script s = { .port = ntohs(at->v4.sin_port), .steps = count, .verdict = XDP_PASS };

	memcpy(s.step, steps, count * sizeof(*steps));
	return s;
}

static struct step set(int key, int len, const void *val)
{
	struct step s = { .operation = SET, .key = key, .len = len };

	memcpy(s.val, val, len > 16 ? 16 : len);
	return s;
}

static struct step get(int key, int len)
{
	return (struct step){ .operation = GET, .key = key, .len = len };
}

static struct step del(int key)
{
	return (struct step){ .operation = DEL, .key = key };
}

static void attach_xdp(const struct place *p, bool on)
{
	const __u32 flags = p == &lo ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;

	enter(p);
	MUST(on ? bpf_xdp_attach(if_nametoindex(p->device), program("xdp_script"), flags, NULL) :
		  bpf_xdp_detach(if_nametoindex(p->device), flags, NULL));
	leave();
}

static void attach_tc(const struct place *p, enum bpf_tc_attach_point at, bool on)
{
	LIBBPF_OPTS(bpf_tc_hook, hook);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = program("tc_script"), .handle = 1, .priority = 1);

	enter(p);
	hook.ifindex = if_nametoindex(p->device);
	hook.attach_point = at;
	if (on) {
		MUST(bpf_tc_hook_create(&hook));
		MUST(bpf_tc_attach(&hook, &opts));
	} else {
		hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
		MUST(bpf_tc_hook_destroy(&hook));
	}
	leave();
}

static int receiver(const struct place *p, struct address *at)
{
	int fd;

	*at = address_of(p->host, 0);
	enter(p);
	fd = udp_receiver(at);
	leave();
	return fd;
}

/* Sends a datagram with traits while the steps are run on it, and says what arrived. */
static struct received through(enum where where, const struct place *p, struct step *steps, int count,
			       const struct pkt_trait *t, int traits)
{
	struct address at;
	const int in = receiver(p, &at), out = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct script s = script(&at, steps, count);
	struct received r;

	write_script(where, &s);
	CHECK(send_with(out, &at, "hello", 5, t, traits, 0) == 5);
	r = receive(in, data, sizeof(data));
	CHECK(r.length == 5 && !memcmp(data, "hello", 5));
	s = script_now(where);
	CHECK(s.runs == 1);
	memcpy(steps, s.step, count * sizeof(*steps));
	close(out);
	close(in);
	return r;
}

static void what_is_set_is_received(enum where where, const struct place *p)
{
	struct step steps[] = { set(63, 2, bytes), set(0, 4, bytes + 1), set(31, 8, bytes + 2), set(7, 16, bytes) };
	const struct pkt_trait expected[] = { trait(0, 4, bytes + 1), trait(7, 16, bytes), trait(31, 8, bytes + 2),
					      trait(63, 2, bytes) };
	struct received r = through(where, p, steps, 4, NULL, 0);

	for (int i = 0; i < 4; i++)
		CHECK(steps[i].result == 0);
	CHECK(same(&r, expected, 4));
}

static void what_is_sent_is_read_and_stays(enum where where, const struct place *p)
{
	const struct pkt_trait sent[] = { trait(3, 4, bytes), trait(9, 16, bytes) };
	struct step steps[] = { get(3, 4), get(9, 16), get(3, 16), get(4, 16), get(64, 16), get(9, 8) };
	struct received r = through(where, p, steps, 6, sent, 2);

	CHECK(steps[0].result == 4 && !memcmp(steps[0].val, bytes, 4));
	CHECK(steps[1].result == 16 && !memcmp(steps[1].val, bytes, 16));
	CHECK(steps[2].result == 4 && !memcmp(steps[2].val, sent[0].val, 16)); /* the rest is zero */
	CHECK(steps[3].result == -ENOENT && steps[4].result == -EINVAL && steps[5].result == -ENOSPC);
	CHECK(same(&r, sent, 2));
}

static void sent_and_set_add_up(enum where where, const struct place *p)
{
	const struct pkt_trait sent[] = { trait(3, 4, bytes), trait(9, 8, bytes) };
	const struct pkt_trait expected[] = { trait(3, 4, bytes + 4), trait(5, 2, bytes), trait(9, 8, bytes) };
	struct step steps[] = { set(3, 4, bytes + 4), set(5, 2, bytes), set(9, 4, bytes) };
	struct received r = through(where, p, steps, 3, sent, 2);

	CHECK(steps[0].result == 0 && steps[1].result == 0 && steps[2].result == -EBUSY);
	CHECK(same(&r, expected, 3));
}

static void deleted_ones_are_gone(enum where where, const struct place *p)
{
	const struct pkt_trait sent[] = { trait(3, 4, bytes), trait(9, 8, bytes) };
	struct step steps[] = { del(3), del(3), del(64), get(3, 4), get(9, 8) };
	struct received r = through(where, p, steps, 5, sent, 2);

	CHECK(steps[0].result == 0 && steps[1].result == -ENOENT && steps[2].result == -EINVAL);
	CHECK(steps[3].result == -ENOENT && steps[4].result == 8 && !memcmp(steps[4].val, bytes, 8));
	CHECK(same(&r, sent + 1, 1));
	steps[0] = del(3);
	steps[1] = del(9);
	r = through(where, p, steps, 2, sent, 2);
	CHECK(steps[0].result == 0 && steps[1].result == 0 && r.count == -1);
	steps[0] = del(3);
	r = through(where, p, steps, 1, NULL, 0);
	CHECK(steps[0].result == -ENOENT && r.count == -1);
}

static void bad_arguments_change_nothing(enum where where, const struct place *p)
{
	struct step steps[] = { set(64, 4, bytes), set(255, 4, bytes), set(1, 1, bytes), set(1, 3, bytes), set(1, 15, bytes),
				set(1, 4, bytes) };
	struct received r;

	steps[5].flags = 1;
	r = through(where, p, steps, 6, NULL, 0);
	for (int i = 0; i < 6; i++)
		CHECK(steps[i].result == -EINVAL);
	CHECK(r.count == -1);
}

static void full_set_passes_and_takes_no_more(enum where where, const struct place *p)
{
	struct pkt_trait sent[25];
	struct step steps[] = { set(60, 2, bytes), set(0, 8, bytes + 1), get(24, 8) };
	struct received r;

	for (int i = 0; i < 25; i++) /* 200 bytes */
		sent[i] = trait(i, 8, bytes + i % 8);
	r = through(where, p, steps, 3, sent, 25);
	CHECK(steps[0].result == -ENOSPC && steps[1].result == 0 && steps[2].result == 8);
	memcpy(sent[0].val, bytes + 1, 8);
	CHECK(same(&r, sent, 25));
}

static void neither_packet_nor_metadata_grow_over_them(const struct place *p)
{
	struct pkt_trait sent[25];
	struct step steps[] = { { .operation = ADJUST_META, .len = 32 }, set(0, 8, bytes), { .operation = ADJUST_HEAD, .len = 240 } };
	struct received r;

	for (int i = 0; i < 25; i++)
		sent[i] = trait(i, 8, bytes);
	r = through(XDP, p, steps, 3, sent, 25);
	CHECK(steps[0].result == 0 && steps[1].result == 0 && steps[2].result == -EINVAL);
	CHECK(same(&r, sent, 25));
}

static void syn_has_those_of_the_program(enum where where, const struct place *p)
{
	struct address at = address_of(p->host, 0);
	const struct pkt_trait own = trait(3, 4, bytes), expected[] = { trait(3, 4, bytes), trait(42, 4, bytes + 5) };
	struct step steps[] = { set(42, 4, bytes + 5) };
	const int client = tcp_socket(AF_INET);
	struct script s;
	struct received r;
	int listener, accepted;

	enter(p);
	listener = saving_listener(&at, &rfc);
	leave();
	s = script(&at, steps, 1);
	write_script(where, &s);
	CHECK(set_traits(client, &rfc, &own, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	r = dump(accepted);
	CHECK(same(&r, expected, 2));
	CHECK(write(client, "x", 1) == 1 && read(accepted, data, 1) == 1);
	r = dump(client);
	CHECK(same(&r, &own, 1));
	close(accepted);
	close(client);
	close(listener);
}

static void segments_have_those_of_the_program(enum where where, const struct place *p)
{
	struct address at;
	const int in = receiver(p, &at), out = MUST(socket(AF_INET, SOCK_DGRAM, 0)), size = 1000;
	const struct pkt_trait own = trait(3, 4, bytes), expected[] = { trait(3, 4, bytes), trait(42, 4, bytes + 5) };
	struct step steps[] = { set(42, 4, bytes + 5) };
	struct script s = script(&at, steps, 1);
	struct received r;

	write_script(where, &s);
	MUST(setsockopt(out, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	CHECK(send_with(out, &at, data, 2500, &own, 1, 0) == 2500);
	for (int i = 0; i < 3; i++) {
		r = receive(in, data, sizeof(data));
		CHECK(r.length == (i < 2 ? 1000 : 500) && same(&r, expected, 2));
	}
	close(out);
	close(in);
}

/* The sender's copy of a datagram, which a packet socket sees, is not changed by a program that gets a clone. */
static void egress_reads_what_a_socket_sends(void)
{
	const struct pkt_trait sent[] = { trait(3, 4, bytes), trait(9, 16, bytes) };
	struct step steps[] = { get(3, 4), get(9, 16), set(10, 2, bytes) };
	const struct pkt_trait expected[] = { sent[0], sent[1], trait(10, 2, bytes) };
	struct received r = through(TC, &lo, steps, 3, sent, 2);

	CHECK(steps[0].result == 4 && steps[1].result == 16 && steps[2].result == 0);
	CHECK(same(&r, expected, 3));
}

/* XDP sends it back by the veth it came from: the frame keeps the traits, and so has the skb made of it. */
static void frame_keeps_them(void)
{
	struct step steps[] = { set(42, 4, bytes + 5) };
	const struct pkt_trait own = trait(3, 4, bytes), expected[] = { trait(3, 4, bytes), trait(42, 4, bytes + 5) };
	struct address at = address_of("10.9.0.1", 0);
	const int in = udp_receiver(&at), out = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct address to = address_of("10.9.0.2", ntohs(at.v4.sin_port));
	struct script s = script(&to, steps, 1);
	struct received r;

	/* What comes back has the far end's address as its destination: let it be one of ours, too. */
	s.verdict = XDP_TX;
	write_script(XDP, &s);
	run("ip addr add 10.9.0.2/32 dev lo && ip route del table local local 10.9.0.2 dev lo && "
	    "ip rule add iif v0 lookup 77 prio 0 && ip route add local 10.9.0.2 dev lo table 77");
	close(in);
	at = address_of("0.0.0.0", ntohs(at.v4.sin_port));
	{
		const int any = udp_receiver(&at);

		run("ip link set v0 promisc on");
		CHECK(send_with(out, &to, "hello", 5, &own, 1, 0) == 5);
		r = receive(any, data, sizeof(data));
		CHECK(r.length == 5 && same(&r, expected, 2));
		close(any);
	}
	close(out);
}

static void load(const char *self)
{
	char path[PATH_MAX + 16], directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%s", self);
	snprintf(path, sizeof(path), "%s/bpf.bpf.o", dirname(directory));
	object = bpf_object__open_file(path, NULL);
	if (!object || bpf_object__load(object)) {
		printf("Bail out! cannot load %s\n", path);
		exit(1);
	}
}

static void all_of(enum where where, const struct place *p)
{
	const char *name = p->device;

	printf("# %s on %s\n", where == XDP ? "XDP" : "TC", name);
	RUN(what_is_set_is_received, where, p);
	RUN(what_is_sent_is_read_and_stays, where, p);
	RUN(sent_and_set_add_up, where, p);
	RUN(deleted_ones_are_gone, where, p);
	RUN(bad_arguments_change_nothing, where, p);
	RUN(full_set_passes_and_takes_no_more, where, p);
	RUN(syn_has_those_of_the_program, where, p);
	RUN(segments_have_those_of_the_program, where, p);
}

int main(int argc, char **argv)
{
	(void)argc;
	setbuf(stdout, NULL);
	MUST(unshare(CLONE_NEWNET));
	home = MUST(open("/proc/self/ns/net", O_RDONLY));
	run("ip link set lo up && ip netns del far 2>/dev/null; ip netns add far && "
	    "ip link add v0 type veth peer name v1 netns far && ip addr add 10.9.0.1/24 dev v0 && ip link set v0 up && "
	    "ip -n far addr add 10.9.0.2/24 dev v1 && ip -n far link set v1 up && ip -n far link set lo up");
	load(argv[0]);

	attach_xdp(&lo, true);
	all_of(XDP, &lo);
	RUN(neither_packet_nor_metadata_grow_over_them, &lo);
	attach_xdp(&lo, false);

	attach_xdp(&veth, true);
	all_of(XDP, &veth);
	RUN(neither_packet_nor_metadata_grow_over_them, &veth);
	attach_xdp(&veth, false);

	attach_tc(&lo, BPF_TC_INGRESS, true);
	all_of(TC, &lo);
	attach_tc(&lo, BPF_TC_INGRESS, false);
	attach_tc(&veth, BPF_TC_INGRESS, true);
	all_of(TC, &veth);
	attach_tc(&veth, BPF_TC_INGRESS, false);

	attach_tc(&lo, BPF_TC_EGRESS, true);
	RUN(egress_reads_what_a_socket_sends);
	attach_tc(&lo, BPF_TC_EGRESS, false);

	attach_xdp(&veth, true);
	RUN(frame_keeps_them);
	attach_xdp(&veth, false);
	run("ip netns del far");
	return tap_end();
}
