// SPDX-License-Identifier: Apache-2.0
/*
 * Sends datagrams by sendmmsg(2), with traits as an IP option in each, or without: datagram-sender ipv4|ipv6.
 * Commands: "COUNT FIRST PORT PAYLOAD TRAITS", FIRST a multiple of 64; a payload begins with the datagram's number.
 */
#include "peer.h"

#define CONTROL 64

static struct mmsghdr messages[BATCH];
static struct iovec iovecs[BATCH];
static uint8_t payloads[BATCH][MAX_PAYLOAD];
static _Alignas(struct cmsghdr) uint8_t controls[BATCH][CONTROL];
static size_t control_length;

static void write_ipv4_option(struct cmsghdr *cmsg, int set)
{
	uint8_t *option = CMSG_DATA(cmsg);

	cmsg->cmsg_level = IPPROTO_IP;
	cmsg->cmsg_type = IP_RETOPTS;
	cmsg->cmsg_len = CMSG_LEN((4 + TLVS_LENGTH + 3) & ~3);
	option[0] = OPTION_IPV4;
	option[1] = 4 + TLVS_LENGTH;
	memcpy(option + 2, "TR", 2);
	write_tlvs(option + 4, set);
}

static void write_ipv6_option(struct cmsghdr *cmsg, int set)
{
	const int length = (6 + TLVS_LENGTH + 7) & ~7;
	const int padding = length - 6 - TLVS_LENGTH;
	uint8_t *header = CMSG_DATA(cmsg);

	cmsg->cmsg_level = IPPROTO_IPV6;
	cmsg->cmsg_type = IPV6_DSTOPTS;
	cmsg->cmsg_len = CMSG_LEN(length);
	header[1] = (uint8_t)(length / 8 - 1);
	header[2] = OPTION_IPV6;
	header[3] = 2 + TLVS_LENGTH;
	memcpy(header + 4, "TR", 2);
	write_tlvs(header + 6, set);
	if (padding > 1) {
		header[6 + TLVS_LENGTH] = 1;
		header[6 + TLVS_LENGTH + 1] = (uint8_t)(padding - 2);
	}
}

static void prepare(int family)
{
	for (int i = 0; i < BATCH; i++) {
		struct cmsghdr *cmsg = (struct cmsghdr *)controls[i];

		if (family == AF_INET)
			write_ipv4_option(cmsg, i);
		else
			write_ipv6_option(cmsg, i);
		control_length = CMSG_ALIGN(cmsg->cmsg_len);
		iovecs[i].iov_base = payloads[i];
		messages[i].msg_hdr.msg_iov = &iovecs[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
}

static void send_all(int fd, long count, uint64_t first)
{
	for (long sent = 0; sent < count;) {
		const long rest = count - sent;
		/* A batch begins at a multiple of 64, so that message i has set i; only the last may be shorter. */
		const int batch = rest < BATCH ? (int)rest : BATCH;

		for (int i = 0; i < batch; i++) {
			const uint64_t number = htobe64(first + (uint64_t)sent + (uint64_t)i);

			memcpy(payloads[i], &number, sizeof(number));
		}
		for (int done = 0; done < batch;) {
			const int more = sendmmsg(fd, messages + done, (unsigned int)(batch - done), 0);

			if (more < 0)
				fail("sendmmsg");
			done += more;
		}
		sent += batch;
	}
}

int main(int argc, char **argv)
{
	const int family = argc == 2 ? family_of(argv[1]) : -1;
	struct sockaddr_storage to;
	long count;
	uint64_t first;
	unsigned int port, payload, traits;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: datagram-sender ipv4|ipv6\n");
		return 2;
	}
	fd = socket(family, SOCK_DGRAM, 0);
	if (fd < 0)
		fail("socket");
	prepare(family);
	while (scanf("%ld %lu %u %u %u", &count, &first, &port, &payload, &traits) == 5) {
		const socklen_t length = loopback(family, (uint16_t)port, &to);
		int64_t start;

		if (first % BATCH != 0 || payload < sizeof(first) || payload > MAX_PAYLOAD) {
			fprintf(stderr, "datagram-sender: a first number or a payload that it cannot send\n");
			return 2;
		}
		for (int i = 0; i < BATCH; i++) {
			iovecs[i].iov_len = payload;
			messages[i].msg_hdr.msg_name = &to;
			messages[i].msg_hdr.msg_namelen = length;
			messages[i].msg_hdr.msg_control = traits ? controls[i] : NULL;
			messages[i].msg_hdr.msg_controllen = traits ? control_length : 0;
		}
		start = nanos();
		send_all(fd, count, first);
		printf("%ld %ld 0\n", count, (long)(nanos() - start));
		fflush(stdout);
	}
	return 0;
}
