// SPDX-License-Identifier: Apache-2.0

/**
 * The traits of QUIC connections that share one datagram channel, on Netty 4.2's QUIC codec, which is an optional dependency.
 */
package io.pkttraits.transport.quic;
