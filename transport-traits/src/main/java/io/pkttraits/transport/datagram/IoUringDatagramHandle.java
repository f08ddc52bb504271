// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;

/**
 * Takes the completions of one registration of a channel. Those that come after it has ended, from the event loop that
 * the channel was on, go to the one that it is on by then.
 */
final class IoUringDatagramHandle implements IoUringIoHandle {
    private final IoUringTraitsDatagramChannel channel;
    private IoUringDatagramReader reader;
    private boolean ended;

    IoUringDatagramHandle(IoUringTraitsDatagramChannel channel) {
        this.channel = channel;
    }

    /** This registration's reader. */
    IoUringDatagramReader begin(IoRegistration registration) {
        reader = new IoUringDatagramReader(channel, registration);
        return reader;
    }

    void end() {
        ended = true;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent ioEvent) {
        IoUringIoEvent event = (IoUringIoEvent) ioEvent;
        byte opcode = event.opcode();
        if (opcode == DatagramSqe.IORING_OP_ASYNC_CANCEL) {
            return;
        }
        boolean received = opcode == DatagramSqe.IORING_OP_RECVMSG;
        int message = (int) event.userData();
        int result = event.res();
        if (ended) {
            channel.later(() -> channel.completed(received ? reader : null, message, result));
        } else {
            channel.completed(received ? reader : null, message, result);
        }
    }

    @Override
    public void close() {
        if (!ended) {
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
