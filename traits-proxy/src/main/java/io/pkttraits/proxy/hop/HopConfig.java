// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.pkttraits.transport.PeerNetworks;

/**
 * By which ways beside packets traits come and go.
 *
 * @param fieldFrom clients whose field {@code Packet-Traits} is read; it is removed from everybody's requests
 * @param merge of the SYN's traits, the PROXY header's and the field's, in this order
 * @param field whether requests to the upstream carry the field
 * @param proxyFrom peers whose TCP connections begin with a PROXY header
 * @param proxyRequired whether such a peer's connection without one is refused
 * @param tlvType the type of the TLV that has the traits in PROXY headers, in and out; 0..255
 * @param proxyHeader whether connections to the upstream begin with a PROXY header
 */
public record HopConfig(
        PeerNetworks fieldFrom,
        HopMerge merge,
        HopSend field,
        PeerNetworks proxyFrom,
        boolean proxyRequired,
        int tlvType,
        HopSend proxyHeader) {
    /** In the range that the specification leaves to applications (0xE0 to 0xEF). */
    public static final int DEFAULT_TLV_TYPE = 0xE2;

    /** Packets alone. */
    public static final HopConfig OFF = new HopConfig(
            PeerNetworks.NONE,
            HopMerge.KEEP_FIRST,
            HopSend.OFF,
            PeerNetworks.NONE,
            true,
            DEFAULT_TLV_TYPE,
            HopSend.OFF);

    /** Whether the SYN of a connection to the upstream carries traits. */
    public boolean isSynSent() {
        return field != HopSend.ONLY && proxyHeader != HopSend.ONLY;
    }
}
