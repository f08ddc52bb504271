// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.walls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which package may use which: the plan of the house. A package that is not here may not exist, and an arrow that is not here may
 * not either. Names are below {@code io.pkttraits}, {@code ""} is that package itself.
 */
final class Arrows {
    private static final Map<String, Set<String>> ALLOWED = new HashMap<>();

    static {
        allow("internal");
        allow("", "internal");
        allow("codec", "", "internal");

        allow("registry", "", "internal");

        allow("transport.internal.sys");
        allow("transport.internal.carrier", "", "codec", "transport", "transport.internal.sys");
        allow("transport", "", "codec", "transport.internal.carrier", "transport.internal.sys");
        allow("transport.datagram", "", "transport", "transport.internal.carrier", "transport.internal.sys");
        allow("transport.quic", "", "transport", "transport.datagram", "transport.internal.carrier");
        allow("transport.policy", "", "transport", "transport.internal.carrier");
        allow("transport.pool", "", "transport");
        allow("transport.metrics", "transport", "transport.datagram", "transport.pool");

        allow("proxy.net", library());
        allow("proxy.hop", library());
        allow("proxy.log", library("proxy.net"));
        allow("proxy.config", library("proxy.net", "proxy.hop", "proxy.log"));
        allow("proxy.upstream", library("proxy.net", "proxy.hop", "proxy.config"));
        allow("proxy.exchange", library("proxy.net", "proxy.hop", "proxy.log", "proxy.config", "proxy.upstream"));
        allow("proxy.admin", library("proxy.net", "proxy.hop", "proxy.log", "proxy.config", "proxy.upstream"));
        allow(
                "proxy.http",
                library("proxy.net", "proxy.hop", "proxy.log", "proxy.config", "proxy.upstream", "proxy.exchange"));
        allow("proxy.http3", library("proxy.net", "proxy.hop", "proxy.config", "proxy.http"));
        allow("proxy.cli", library("proxy.net", "proxy.log", "proxy.config", "proxy.admin"));
        allow("proxy.udp", library("proxy.net", "proxy.config", "proxy.cli"));
        allow(
                "proxy",
                library(
                        "proxy.net",
                        "proxy.hop",
                        "proxy.log",
                        "proxy.config",
                        "proxy.upstream",
                        "proxy.admin",
                        "proxy.http",
                        "proxy.http3",
                        "proxy.cli"));

        allow("example", library());
        allow("example.demo", library());
        allow("bench", library());
    }

    private Arrows() {}

    private static void allow(String from, String... to) {
        ALLOWED.put(from, Set.of(to));
    }

    /** What users of the libraries may use, and {@code more}. */
    private static String[] library(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "",
                "codec",
                "registry",
                "transport",
                "transport.datagram",
                "transport.quic",
                "transport.policy",
                "transport.pool",
                "transport.metrics"));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    static boolean isAllowed(String from, String to) {
        return from.equals(to) || ALLOWED.getOrDefault(from, Set.of()).contains(to);
    }

    static Set<String> packages() {
        return new TreeSet<>(ALLOWED.keySet());
    }

    static Set<String> allowedFrom(String from) {
        return ALLOWED.get(from);
    }
}
