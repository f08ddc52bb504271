// SPDX-License-Identifier: Apache-2.0

/**
 * Packet traits on Netty channels: a server reads the traits with which a connection began, a proxy sets those of an upstream
 * connection.
 *
 * <p>Start at {@link io.pkttraits.transport.PacketTraits}: it returns the traits of any connection, and whether this process has a
 * carrier for them. {@link io.pkttraits.transport.SynTraitsHandler} makes a server read them, {@link
 * io.pkttraits.transport.ConnectTraitsHandler} sends them. Datagrams are in {@code io.pkttraits.transport.datagram}, QUIC
 * connections in {@code .quic}, pools of upstream connections in {@code .pool}, rules about which traits are forwarded in {@code
 * .policy}, meters in {@code .metrics}.
 */
package io.pkttraits.transport;
