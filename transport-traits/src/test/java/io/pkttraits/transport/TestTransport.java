// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.util.List;

/**
 * A native transport that the suites run on; the modules that run them bring theirs as services, so that one suite
 * serves Netty 4.2 and 4.1.
 */
public interface TestTransport {
    /** Event loops on daemon threads. */
    EventLoopGroup newGroup(int threads);

    Class<? extends ServerChannel> serverChannel();

    Class<? extends Channel> channel();

    /** Whether its channels pass {@code IntegerUnixChannelOption} to the kernel. */
    boolean takesUnixOptions();

    /** All of them, the same objects each time; every one must be able to run here. */
    static List<TestTransport> all() {
        return SharedTransports.ALL;
    }

    /** Its event loops, shared by all tests: the incubator's can hang in shutting down, so they end with the JVM. */
    default EventLoopGroup group() {
        return SharedTransports.GROUPS.computeIfAbsent(this, transport -> transport.newGroup(2));
    }
}
