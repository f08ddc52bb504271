// SPDX-License-Identifier: Apache-2.0

/**
 * Packet traits on Netty channels: a server reads the traits of an accepted connection or of a datagram, a proxy sets
 * those of an upstream one.
 *
 * <p>Start at {@link io.pkttraits.transport.PacketTraits} (is there a carrier?), {@link
 * io.pkttraits.transport.SynTraits} (what did this connection bring?) and {@link
 * io.pkttraits.transport.UpstreamTraits} (what shall that connection carry?); for datagrams at {@link io.pkttraits.transport.DatagramTraits} and {@link
 * io.pkttraits.transport.TraitsDatagramPacket}.
 */
package io.pkttraits.transport;
