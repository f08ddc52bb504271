// SPDX-License-Identifier: Apache-2.0
/** Traits over hops that lose those of packets: the HTTP field {@code Packet-Traits} and the PROXY protocol, version 2. */
package io.pkttraits.proxy.hop;
