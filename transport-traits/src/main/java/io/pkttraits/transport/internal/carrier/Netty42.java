// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.Version;

/** Finds out whether Netty is version 4.2, whose {@code IoHandle} lets other projects write channels. */
public final class Netty42 {
    private static final String UNAVAILABILITY = find();

    private Netty42() {}

    /** Returns why datagram channels need another Netty, or {@code null}. Loads no class that Netty 4.1 does not have. */
    public static String unavailability() {
        return UNAVAILABILITY;
    }

    private static String find() {
        try {
            Class.forName("io.netty.channel.IoHandle", false, Netty42.class.getClassLoader());
            return null;
        } catch (ClassNotFoundException e) {
            Version version = Version.identify(Netty42.class.getClassLoader()).get("netty-transport");
            return "datagram channels with traits need Netty 4.2"
                    + (version == null ? "" : ", this is " + version.artifactVersion())
                    + "; on Netty 4.1 there are the traits of TCP connections";
        }
    }
}
