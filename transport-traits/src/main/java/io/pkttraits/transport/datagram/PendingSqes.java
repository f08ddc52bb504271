// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoOps;

/** Which of a batch's submissions to an io_uring have not completed. */
final class PendingSqes {
    private final IoRegistration registration;
    /** What Netty calls them. */
    private final long[] ids = new long[Long.SIZE];
    /** A bit each. */
    private long indexes;

    /** For submissions by that registration; {@code null} for none. */
    PendingSqes(IoRegistration registration) {
        this.registration = registration;
    }

    boolean isFor(IoRegistration current) {
        return current == registration;
    }

    void submit(IoUringIoOps op, int index) {
        ids[index] = registration.submit(op);
        indexes |= 1L << index;
    }

    void completed(int index) {
        indexes &= ~(1L << index);
    }

    boolean isEmpty() {
        return indexes == 0;
    }

    boolean isOnly(int index) {
        return indexes == 1L << index;
    }

    /** Each completes all the same: cancelled, or with what it had done before. */
    void cancel() {
        for (long rest = indexes; rest != 0; rest &= rest - 1) {
            registration.submit(DatagramSqe.cancel(ids[Long.numberOfTrailingZeros(rest)]));
        }
    }
}
