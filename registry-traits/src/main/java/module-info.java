// SPDX-License-Identifier: Apache-2.0

/** Names and types of trait keys. */
module io.pkttraits.registry {
    requires transitive io.pkttraits.codec;
    requires io.netty.common;
    requires org.tomlj;

    exports io.pkttraits.registry;
}
