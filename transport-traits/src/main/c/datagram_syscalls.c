// SPDX-License-Identifier: Apache-2.0
/*
 * The system calls that no JDK and no Netty class offers with control messages: recvmmsg(2) and sendmmsg(2) on
 * memory that Java lays out. Knows no Java type but int and long. Each call answers its result, or -errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* What io.pkttraits.transport.internal.sys.NativeLayout assumes, in its order. */
static const jint layout[] = {
	sizeof(struct iovec),
	offsetof(struct iovec, iov_base),
	offsetof(struct iovec, iov_len),
	sizeof(struct msghdr),
	offsetof(struct msghdr, msg_name),
	offsetof(struct msghdr, msg_namelen),
	offsetof(struct msghdr, msg_iov),
	offsetof(struct msghdr, msg_iovlen),
	offsetof(struct msghdr, msg_control),
	offsetof(struct msghdr, msg_controllen),
	offsetof(struct msghdr, msg_flags),
	sizeof(struct mmsghdr),
	offsetof(struct mmsghdr, msg_hdr),
	offsetof(struct mmsghdr, msg_len),
	sizeof(struct cmsghdr),
	offsetof(struct cmsghdr, cmsg_len),
	offsetof(struct cmsghdr, cmsg_level),
	offsetof(struct cmsghdr, cmsg_type),
	CMSG_LEN(0),
	CMSG_SPACE(1),
	sizeof(struct sockaddr_in),
	offsetof(struct sockaddr_in, sin_family),
	offsetof(struct sockaddr_in, sin_port),
	offsetof(struct sockaddr_in, sin_addr),
	sizeof(struct sockaddr_in6),
	offsetof(struct sockaddr_in6, sin6_family),
	offsetof(struct sockaddr_in6, sin6_port),
	offsetof(struct sockaddr_in6, sin6_flowinfo),
	offsetof(struct sockaddr_in6, sin6_addr),
	offsetof(struct sockaddr_in6, sin6_scope_id),
	sizeof(struct group_req),
	offsetof(struct group_req, gr_interface),
	offsetof(struct group_req, gr_group),
	sizeof(struct group_source_req),
	offsetof(struct group_source_req, gsr_interface),
	offsetof(struct group_source_req, gsr_group),
	offsetof(struct group_source_req, gsr_source),
};

/* The number at index, or -1 behind the last. */
JNIEXPORT jint JNICALL Java_io_pkttraits_transport_internal_sys_DatagramSyscalls_layout0(JNIEnv *env, jclass type, jint index)
{
	(void)env;
	(void)type;
	if (index < 0 || (size_t)index >= sizeof(layout) / sizeof(layout[0]))
		return -1;
	return layout[index];
}

JNIEXPORT jint JNICALL Java_io_pkttraits_transport_internal_sys_DatagramSyscalls_recvmmsg0(JNIEnv *env, jclass type, jint fd,
									      jlong msgvec, jint vlen, jint flags)
{
	int received;

	(void)env;
	(void)type;
	do {
		received = recvmmsg(fd, (struct mmsghdr *)(intptr_t)msgvec, (unsigned int)vlen, flags, NULL);
	} while (received < 0 && errno == EINTR);
	return received < 0 ? -errno : received;
}

JNIEXPORT jint JNICALL Java_io_pkttraits_transport_internal_sys_DatagramSyscalls_sendmmsg0(JNIEnv *env, jclass type, jint fd,
									      jlong msgvec, jint vlen, jint flags)
{
	int sent;

	(void)env;
	(void)type;
	do {
		sent = sendmmsg(fd, (struct mmsghdr *)(intptr_t)msgvec, (unsigned int)vlen, flags);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : sent;
}
