// SPDX-License-Identifier: Apache-2.0

/** The trait set and how it is written down. */
module io.pkttraits.codec {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;

    exports io.pkttraits;
    exports io.pkttraits.codec;
}
