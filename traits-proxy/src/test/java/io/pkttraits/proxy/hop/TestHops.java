// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.pkttraits.transport.PeerNetworks;

/** A {@link HopConfig} that is off but for what a test wants to be on. */
public final class TestHops {
    /** The networks that the tests' own clients are in. */
    public static final PeerNetworks LOOPBACK = PeerNetworks.parse("127.0.0.0/8, ::1");

    /** Networks that they are not in. */
    public static final PeerNetworks ELSEWHERE = PeerNetworks.parse("192.0.2.0/24, 2001:db8::/32");

    public PeerNetworks fieldFrom = ELSEWHERE;
    public HopMerge merge = HopMerge.KEEP_FIRST;
    public HopSend field = HopSend.OFF;
    public PeerNetworks proxyFrom = ELSEWHERE;
    public boolean proxyRequired = true;
    public int tlvType = HopConfig.DEFAULT_TLV_TYPE;
    public HopSend proxyHeader = HopSend.OFF;

    public HopConfig config() {
        return new HopConfig(fieldFrom, merge, field, proxyFrom, proxyRequired, tlvType, proxyHeader);
    }
}
