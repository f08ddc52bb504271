/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sender and the receiver of the datagram benchmark agree on: batches, the traits of each datagram, and the
 * line protocol by which the benchmark drives them. A command is a line of numbers, its answer "COUNT NANOS WRONG".
 */
#ifndef PEER_H
#define PEER_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* Datagrams of one system call, and how many sets of traits there are: datagram n has set n % BATCH. */
#define BATCH 64
/* Room for one datagram's payload, as the Java receivers have it. */
#define MAX_PAYLOAD 1536

#define OPTION_IPV4 0x9e
#define OPTION_IPV6 0x1e
/* Four TLVs: key, length and 2, 4, 8, 4 bytes in host order. */
#define TLVS_LENGTH (4 * 2 + 2 + 4 + 8 + 4)

static inline void fail(const char *format, ...)
{
	const int error = errno;
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(1);
}

static inline uint8_t *tlv(uint8_t *out, uint8_t key, uint8_t length, uint64_t value)
{
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;

	*out++ = key;
	*out++ = length;
	memcpy(out, length == 2 ? (void *)&two : length == 4 ? (void *)&four : (void *)&value, length);
	return out + length;
}

/* The traits of set 0..BATCH-1 as TLVs, those of SlotTraits.java. */
static inline void write_tlvs(uint8_t *out, int set)
{
	out = tlv(out, 1, 2, 0x1000 + (uint64_t)set);
	out = tlv(out, 9, 4, 0x20000000 + (uint64_t)set);
	out = tlv(out, 17, 8, 0x3000000000000000 + (uint64_t)set);
	tlv(out, 33, 4, 0x40000000 + (uint64_t)set);
}

static inline int64_t nanos(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static inline int family_of(const char *name)
{
	if (strcmp(name, "ipv4") != 0 && strcmp(name, "ipv6") != 0) {
		fprintf(stderr, "family %s: expected ipv4 or ipv6\n", name);
		exit(2);
	}
	return name[3] == '4' ? AF_INET : AF_INET6;
}

static inline socklen_t loopback(int family, uint16_t port, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (family == AF_INET) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	in6->sin6_addr = in6addr_loopback;
	return sizeof(*in6);
}

#endif
