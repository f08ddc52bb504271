// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoOps;

/** Knows which of a batch's submissions to an io_uring have not completed. */
final class PendingSqes {
    private final IoRegistration registration;
    /** Netty's ids of the submissions. */
    private final long[] ids = new long[Long.SIZE];
    /** One bit for each submission that has not completed. */
    private long pending;
    /** The pending ones that no cancellation was submitted for. */
    private long cancellable;

    /** @param registration what submits; {@code null} if nothing will be submitted */
    PendingSqes(IoRegistration registration) {
        this.registration = registration;
    }

    boolean isFor(IoRegistration current) {
        return current == registration;
    }

    void submit(IoUringIoOps op, int index) {
        ids[index] = registration.submit(op);
        pending |= 1L << index;
        cancellable |= 1L << index;
    }

    void completed(int index) {
        pending &= ~(1L << index);
        cancellable &= ~(1L << index);
    }

    boolean isEmpty() {
        return pending == 0;
    }

    boolean isOnly(int index) {
        return pending == 1L << index;
    }

    /**
     * Cancels what is pending, each submission once. Each still completes: as cancelled, or with the result that it had
     * by then.
     */
    void cancel() {
        long rest = cancellable;
        cancellable = 0;
        for (; rest != 0; rest &= rest - 1) {
            registration.submit(DatagramSqe.cancel(ids[Long.numberOfTrailingZeros(rest)]));
        }
    }
}
