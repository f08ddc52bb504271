// SPDX-License-Identifier: Apache-2.0

/**
 * The traits of QUIC connections that share one datagram channel, with Netty 4.2's QUIC codec. That codec is an optional
 * dependency.
 */
package io.pkttraits.transport.quic;
