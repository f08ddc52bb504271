// SPDX-License-Identifier: Apache-2.0

/** The trait set and how it is written down. */
@SuppressWarnings("module") // the registry is built later
module io.pkttraits.codec {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;

    exports io.pkttraits;
    exports io.pkttraits.codec;
    exports io.pkttraits.internal to
            io.pkttraits.registry;
}
