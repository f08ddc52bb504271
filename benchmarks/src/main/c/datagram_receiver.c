// SPDX-License-Identifier: Apache-2.0
/*
 * Receives datagrams by recvmmsg(2): datagram-receiver ipv4|ipv6 [control]. With "control" it asks for the IP options of
 * each and has the control buffers that the Java channel has. Prints its port, then obeys commands "COUNT FIRST CHECK":
 * receives that many, numbered from FIRST on. CHECK is 1 if all four traits of each are to be looked at.
 */
#include "peer.h"

#define IPV4_CONTROL CMSG_SPACE(40)
#define IPV6_CONTROL (3 * CMSG_SPACE(2048))
/* What waits between two commands must fit into the socket. */
#define SOCKET_BUFFER (64 << 20)

static struct mmsghdr messages[BATCH];
static struct iovec iovecs[BATCH];
static struct sockaddr_in6 names[BATCH];
static uint8_t payloads[BATCH][MAX_PAYLOAD];
static _Alignas(64) uint8_t controls[BATCH][(IPV6_CONTROL + 63) / 64 * 64];
static uint8_t expected[BATCH][TLVS_LENGTH];

static void set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)) < 0)
		fail("setsockopt %d %d", level, name);
}

static int open_socket(int family, int control)
{
	const struct timeval patience = { .tv_sec = 5 };
	struct sockaddr_storage at;
	socklen_t length = loopback(family, 0, &at);
	const int fd = socket(family, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, length) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &length) < 0)
		fail("bind");
	set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		fail("SO_RCVTIMEO");
	if (control)
		set_option(fd, IPPROTO_IP, IP_RECVOPTS, 1);
	if (control && family == AF_INET6) {
		set_option(fd, IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1);
		set_option(fd, IPPROTO_IPV6, IPV6_RECVRTHDR, 1);
	}
	printf("port %d\n", ntohs(family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port :
						      ((struct sockaddr_in6 *)&at)->sin6_port));
	fflush(stdout);
	return fd;
}

static int has_expected_traits(struct msghdr *message, int set)
{
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(message); cmsg; cmsg = CMSG_NXTHDR(message, cmsg)) {
		const int ipv4 = cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_RECVOPTS;
		const int ipv6 = cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_DSTOPTS;
		const uint8_t *option = CMSG_DATA(cmsg) + (ipv6 ? 2 : 0);

		if ((!ipv4 && !ipv6) || cmsg->cmsg_len < CMSG_LEN(6 + TLVS_LENGTH))
			continue;
		return option[0] == (ipv4 ? OPTION_IPV4 : OPTION_IPV6) && memcmp(option + 2, "TR", 2) == 0 &&
		       memcmp(option + 4, expected[set], TLVS_LENGTH) == 0;
	}
	return 0;
}

/* Lengths say what there is room for, until a call says what it wrote. */
static void prepare(int count, size_t control)
{
	for (int i = 0; i < count; i++) {
		messages[i].msg_hdr.msg_namelen = sizeof(names[i]);
		messages[i].msg_hdr.msg_control = control ? controls[i] : NULL;
		messages[i].msg_hdr.msg_controllen = control;
	}
}

static long receive(int fd, long count, uint64_t first, size_t control, int check, long *wrong)
{
	long received = 0;

	while (received < count) {
		const long rest = count - received;
		const int batch = rest < BATCH ? (int)rest : BATCH;
		int more;

		prepare(batch, control);
		more = recvmmsg(fd, messages, (unsigned int)batch, MSG_WAITFORONE, NULL);
		if (more < 0 && (errno == EAGAIN || errno == EINTR))
			return received;
		if (more < 0)
			fail("recvmmsg");
		for (int i = 0; i < more; i++) {
			const uint64_t number = first + (uint64_t)received + (uint64_t)i;
			uint64_t said;

			memcpy(&said, payloads[i], sizeof(said));
			*wrong += be64toh(said) != number || (messages[i].msg_hdr.msg_flags & MSG_CTRUNC) != 0 ||
				  (check && !has_expected_traits(&messages[i].msg_hdr, (int)(number % BATCH)));
		}
		received += more;
	}
	return received;
}

int main(int argc, char **argv)
{
	const int family = argc == 2 || argc == 3 ? family_of(argv[1]) : -1;
	const int with_control = argc == 3 && strcmp(argv[2], "control") == 0;
	const size_t control = !with_control ? 0 : family == AF_INET ? IPV4_CONTROL : IPV6_CONTROL;
	long count;
	uint64_t first;
	int check, fd;

	if (argc < 2 || argc > 3 || (argc == 3 && !with_control)) {
		fprintf(stderr, "usage: datagram-receiver ipv4|ipv6 [control]\n");
		return 2;
	}
	for (int i = 0; i < BATCH; i++) {
		write_tlvs(expected[i], i);
		iovecs[i] = (struct iovec){ payloads[i], MAX_PAYLOAD };
		messages[i].msg_hdr.msg_iov = &iovecs[i];
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_hdr.msg_name = &names[i];
	}
	fd = open_socket(family, with_control);
	while (scanf("%ld %lu %d", &count, &first, &check) == 3) {
		long wrong = 0;
		const int64_t start = nanos();
		const long received = receive(fd, count, first, control, check, &wrong);

		printf("%ld %ld %ld\n", received, (long)(nanos() - start), wrong);
		fflush(stdout);
	}
	return 0;
}
