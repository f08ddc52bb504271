// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;

/**
 * Receives the completions of one registration of a channel. After the registration has ended, completions still come
 * on the old event loop. They are passed to the channel's new one.
 */
final class IoUringDatagramHandle implements IoUringIoHandle {
    private final IoUringTraitsDatagramChannel channel;
    private IoUringDatagramReader reader;

    IoUringDatagramHandle(IoUringTraitsDatagramChannel channel) {
        this.channel = channel;
    }

    /** Creates this registration's reader. */
    IoUringDatagramReader begin(IoRegistration registration) {
        reader = new IoUringDatagramReader(channel, registration);
        return reader;
    }

    /** Readers are not used again, so this registration has ended if the channel has none or another one. */
    private boolean isEnded() {
        return channel.reader() != reader;
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
        if (isEnded()) {
            channel.later(() -> channel.completed(received ? reader : null, message, result));
        } else {
            channel.completed(received ? reader : null, message, result);
        }
    }

    @Override
    public void close() {
        if (!isEnded()) {
            channel.unsafe().close(channel.voidPromise());
        }
    }
}
