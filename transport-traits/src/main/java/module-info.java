// SPDX-License-Identifier: Apache-2.0

/** Packet traits on Netty's channels. Transports, the QUIC codec and Micrometer are optional: a program brings those that it uses. */
module io.pkttraits.transport {
    requires transitive io.pkttraits.codec;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires io.netty.buffer;
    requires io.netty.common;
    requires static io.netty.codec.classes.quic;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static micrometer.core;

    exports io.pkttraits.transport;
    exports io.pkttraits.transport.datagram;
    exports io.pkttraits.transport.metrics;
    exports io.pkttraits.transport.policy;
    exports io.pkttraits.transport.pool;
    exports io.pkttraits.transport.quic;
}
