// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/** The transports and event loops that all tests of a JVM share. */
final class SharedTransports {
    static final List<TestTransport> ALL = load();
    static final Map<TestTransport, EventLoopGroup> GROUPS = new ConcurrentHashMap<>();

    private SharedTransports() {}

    /** All of them, or with {@code -Dio.pkttraits.test.transport} the one of that name. */
    private static List<TestTransport> load() {
        List<TestTransport> all = ServiceLoader.load(TestTransport.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (all.size() != 2) {
            throw new IllegalStateException("expected epoll and io_uring, found " + all);
        }
        String only = System.getProperty("io.pkttraits.test.transport", "").replace("_", "");
        return all.stream()
                .filter(transport -> transport
                        .channel()
                        .getSimpleName()
                        .replace("_", "")
                        .toLowerCase(Locale.ROOT)
                        .startsWith(only))
                .toList();
    }
}
