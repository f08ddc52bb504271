// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A native transport that the suites run on; the modules that run them bring theirs as services, so that one suite
 * serves Netty 4.2 and 4.1.
 */
public interface TestTransport {
    EventLoopGroup newGroup(int threads);

    Class<? extends ServerChannel> serverChannel();

    Class<? extends Channel> channel();

    /** Whether its channels pass {@code IntegerUnixChannelOption} to the kernel. */
    boolean takesUnixOptions();

    /** All of them; every one must be able to run here. */
    static List<TestTransport> all() {
        List<TestTransport> all = ServiceLoader.load(TestTransport.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (all.size() != 2) {
            throw new IllegalStateException("expected epoll and io_uring, found " + all);
        }
        return all;
    }
}
