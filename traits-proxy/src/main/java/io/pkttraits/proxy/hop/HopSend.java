// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

/** Whether the traits that go on do so by a carrier of this package. */
public enum HopSend {
    OFF("off"),
    /** By it alone: the SYN carries none. */
    ONLY("only"),
    /** The SYN carries them as well. */
    BOTH("both");

    private final String id;

    HopSend(String id) {
        this.id = id;
    }

    @Override
    public String toString() {
        return id;
    }
}
