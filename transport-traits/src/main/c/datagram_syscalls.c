// SPDX-License-Identifier: Apache-2.0
/*
 * The system calls that neither the JDK nor Netty offers with control messages: recvmmsg(2) and sendmmsg(2) on
 * memory that Java lays out. Arguments are int and long only. Each call returns its result, or -errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "relocated_class.h"

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

/* Returns the number at index, or -1 behind the last. */
static jint JNICALL layout_at(JNIEnv *env, jclass type, jint index)
{
	(void)env;
	(void)type;
	if (index < 0 || (size_t)index >= sizeof(layout) / sizeof(layout[0]))
		return -1;
	return layout[index];
}

static jint JNICALL call_recvmmsg(JNIEnv *env, jclass type, jint fd, jlong msgvec, jint vlen, jint flags)
{
	int received;

	(void)env;
	(void)type;
	do {
		received = recvmmsg(fd, (struct mmsghdr *)(intptr_t)msgvec, (unsigned int)vlen, flags, NULL);
	} while (received < 0 && errno == EINTR);
	return received < 0 ? -errno : received;
}

static jint JNICALL call_sendmmsg(JNIEnv *env, jclass type, jint fd, jlong msgvec, jint vlen, jint flags)
{
	int sent;

	(void)env;
	(void)type;
	do {
		sent = sendmmsg(fd, (struct mmsghdr *)(intptr_t)msgvec, (unsigned int)vlen, flags);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : sent;
}

static const JNINativeMethod methods[] = {
	{"layout0", "(I)I", (void *)layout_at},
	{"recvmmsg0", "(IJII)I", (void *)call_recvmmsg},
	{"sendmmsg0", "(IJII)I", (void *)call_sendmmsg},
};

/* Fails with the Java exception that FindClass or RegisterNatives has thrown. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	JNIEnv *env;
	jclass type;

	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
		return JNI_ERR;
	type = find_relocated_class(env, "io/pkttraits/transport/internal/sys/DatagramSyscalls");
	if (!type || (*env)->RegisterNatives(env, type, methods, sizeof(methods) / sizeof(methods[0])) != JNI_OK)
		return JNI_ERR;
	return JNI_VERSION_1_8;
}
