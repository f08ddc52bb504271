// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;

/**
 * Counts in {@link TraitsCounter} for the packages that its users do not see. Users read the counters, only this library counts.
 */
public abstract class Counts {
    /** Set before anybody can have a {@link TraitsCounter} to pass here. */
    private static Counts installed;

    protected Counts() {}

    /** Called by the static initialiser of {@link TraitsCounter}. */
    public static void install(Counts counts) {
        installed = counts;
    }

    /**
     * Counts one more.
     *
     * @param subject the channel that it is about, or {@code null}
     */
    public static void increment(TraitsCounter counter, Object subject) {
        installed.addTo(counter, 1, subject);
    }

    public static void add(TraitsCounter counter, int more, Object subject) {
        if (more > 0) {
            installed.addTo(counter, more, subject);
        }
    }

    /** Counts, and logs the first one at {@code WARN} with the counter's advice. */
    public static void incrementAndLogFirst(TraitsCounter counter, Object subject, Throwable cause) {
        installed.incrementAndLogFirstOf(counter, subject, cause);
    }

    /**
     * The same with a reason that the counter's own advice does not have.
     *
     * @param why what is missing, and what would help
     */
    public static void incrementAndLogReason(TraitsCounter counter, Object subject, String why) {
        installed.incrementAndLogReasonOf(counter, subject, why);
    }

    /** Counts and logs why there are no traits, and returns the empty set. */
    public static Traits none(TraitsCounter counter, Object subject, Throwable cause) {
        incrementAndLogFirst(counter, subject, cause);
        return Traits.EMPTY;
    }

    protected abstract void addTo(TraitsCounter counter, int more, Object subject);

    protected abstract void incrementAndLogFirstOf(TraitsCounter counter, Object subject, Throwable cause);

    protected abstract void incrementAndLogReasonOf(TraitsCounter counter, Object subject, String why);
}
