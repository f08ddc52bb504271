// SPDX-License-Identifier: Apache-2.0

/**
 * Datagram channels on which each datagram has traits of its own, for epoll and io_uring of Netty 4.2.
 *
 * <p>Use {@link io.pkttraits.transport.datagram.EpollTraitsDatagramChannel} in place of {@code EpollDatagramChannel}, or {@link
 * io.pkttraits.transport.datagram.IoUringTraitsDatagramChannel} in place of {@code IoUringDatagramChannel}, and read and write
 * {@link io.pkttraits.transport.datagram.TraitsDatagramPacket}s.
 */
package io.pkttraits.transport.datagram;
