// SPDX-License-Identifier: Apache-2.0
module io.pkttraits.consumer {
    requires io.netty.transport.classes.epoll;
    requires io.pkttraits.registry;
    requires io.pkttraits.transport;
}
