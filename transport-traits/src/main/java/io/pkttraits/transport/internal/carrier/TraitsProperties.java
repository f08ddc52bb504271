// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.internal.SystemPropertyUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.transport.TraitsCounter;
import java.util.List;
import java.util.TreeSet;

/** The system properties of the libraries, all of them, and the warnings about misspelt ones. */
public final class TraitsProperties {
    public static final String CARRIER = "io.pkttraits.carrier";
    public static final String TRUST = "io.pkttraits.trust";

    static final String TCP_SAVE_SYN_TRAITS = "io.pkttraits.TCP_SAVE_SYN_TRAITS";
    static final String TCP_SYN_TRAITS = "io.pkttraits.TCP_SYN_TRAITS";
    static final String SO_RCV_PKT_TRAITS = "io.pkttraits.SO_RCV_PKT_TRAITS";
    static final String SCM_PKT_TRAITS = "io.pkttraits.SCM_PKT_TRAITS";

    /** Read by registry-traits, which this library does not depend on. */
    private static final String RUNTIME_DIRECTORY = "io.pkttraits.runtimeDirectory";

    private static final String PREFIX = "io.pkttraits.";
    private static final List<String> KNOWN = List.of(
            CARRIER, TRUST, TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS, SO_RCV_PKT_TRAITS, SCM_PKT_TRAITS, RUNTIME_DIRECTORY);

    /** What this project's tests, soak test, benchmarks and demo have; never read by a library. */
    private static final List<String> FREE_PREFIXES =
            List.of("io.pkttraits.test.", "io.pkttraits.soak.", "io.pkttraits.bench.", "io.pkttraits.demo.");

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(TraitsProperties.class);

    private TraitsProperties() {}

    /** Counts each property that begins like ours and is none of ours, and logs it at {@code WARN}. */
    static void warnOfUnknown() {
        for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
            if (name.startsWith(PREFIX)
                    && !KNOWN.contains(name)
                    && FREE_PREFIXES.stream().noneMatch(name::startsWith)) {
                warn("-D" + name + "=" + SystemPropertyUtil.get(name) + " is not a property of packet traits and has no"
                        + " effect; the properties are " + String.join(", ", KNOWN));
            }
        }
    }

    /** Counts a property that cannot be used, and logs it at {@code WARN}. */
    static void warn(String problem) {
        Counts.increment(TraitsCounter.PROPERTY_INVALID, null);
        logger.warn("Packet traits: {}", problem);
    }
}
