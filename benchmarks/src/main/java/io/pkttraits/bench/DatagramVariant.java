// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.IOException;

/** One of the things compared: datagrams from a sender to a receiver, of which one is measured. */
final class DatagramVariant {
    /** Which end's time and CPU time count. */
    enum Measured {
        SENDER,
        RECEIVER
    }

    /**
     * What the receiver does about traits.
     *
     * <p>{@code UNREAD}: the application looks at none, {@code READ}: at all of each datagram.
     */
    enum Reading {
        UNREAD,
        READ
    }

    final String name;
    private final Measured measured;
    private final PeerProcess sender;
    private final PeerProcess receiver;
    private final boolean sent;
    private final Reading reading;
    private final boolean decodes;
    private Series nanos;
    private Series cpuNanos;

    /**
     * Names the parts.
     *
     * @param sent whether every datagram has traits
     * @param decodes whether the receiver is a channel with traits, which counts those that it decodes
     */
    DatagramVariant(
            String name,
            Measured measured,
            PeerProcess sender,
            PeerProcess receiver,
            boolean sent,
            Reading reading,
            boolean decodes) {
        this.name = name;
        this.measured = measured;
        this.sender = sender;
        this.receiver = receiver;
        this.sent = sent;
        this.reading = reading;
        this.decodes = decodes;
    }

    /** Forgets what was measured. */
    void begin(int rounds) {
        nanos = new Series(rounds);
        cpuNanos = new Series(rounds);
    }

    /** Time for a datagram, in nanoseconds, by round. */
    Series nanos() {
        return nanos;
    }

    /** CPU time for a datagram, in nanoseconds, by round. */
    Series cpuNanos() {
        return cpuNanos;
    }

    /**
     * Sends and then receives, several times.
     *
     * @throws IllegalStateException if datagrams are missing, or have other contents or traits than were sent
     */
    void round(int portions, int count, int payload, Numbering numbering) throws IOException {
        long time = 0;
        long cpu = 0;
        for (int i = 0; i < portions; i++) {
            long first = numbering.take(count);
            boolean sending = measured == Measured.SENDER;
            long senderBefore = sending ? sender.cpuNanos() : 0;
            RoundResult sendResult = sender.command(count, first, receiver.port(), payload, sent ? 1 : 0);
            long receiverBefore = sending ? 0 : receiver.cpuNanos();
            cpu += sending ? sender.cpuNanos() - senderBefore : 0;
            RoundResult received = receiver.command(count, first, reading == Reading.READ ? 1 : 0);
            cpu += sending ? 0 : receiver.cpuNanos() - receiverBefore;
            require(received, count);
            time += (sending ? sendResult : received).nanos();
        }
        nanos.add((double) time / portions / count);
        cpuNanos.add((double) cpu / portions / count);
    }

    private void require(RoundResult received, int count) {
        long decoded = decodes && sent ? count : 0;
        if (received.count() != count || received.wrong() != 0 || received.decoded() != decoded) {
            throw new IllegalStateException(name + ": of " + count + " datagrams sent, " + received.count()
                    + " arrived, " + received.wrong() + " of them with other contents or traits; traits of "
                    + received.decoded() + " were decoded, not of " + decoded);
        }
    }

    /** Numbers datagrams, so that none can be taken for one of another round. */
    static final class Numbering {
        private long next;

        private long take(int count) {
            long first = next;
            next += count;
            return first;
        }
    }
}
