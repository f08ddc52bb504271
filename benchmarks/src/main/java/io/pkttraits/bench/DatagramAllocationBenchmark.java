// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Bytes allocated for a received datagram. The sender is a process in C; what this JVM allocates to tell it so is less
 * than one byte a datagram. Times include sending.
 */
@State(Scope.Benchmark)
public class DatagramAllocationBenchmark {
    static final int COUNT = 4096;

    private static final int PAYLOAD = 64;

    /** The channel, and how many traits are in each datagram. */
    @Param({
        "EPOLL_STOCK-0",
        "EPOLL_TRAITS-0",
        "EPOLL_TRAITS-4",
        "IO_URING_STOCK-0",
        "IO_URING_TRAITS-0",
        "IO_URING_TRAITS-4"
    })
    public String variant;

    private boolean traits;
    private DatagramReceiver receiver;
    private PeerProcess sender;
    private long first;

    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
        String[] parts = variant.split("-", -1);
        traits = !parts[1].equals("0");
        receiver = new DatagramReceiver(DatagramStack.valueOf(parts[0]), LoopbackFamily.IPV4);
        sender = PeerProcess.nativeSender(LoopbackFamily.IPV4);
    }

    @TearDown(Level.Trial)
    public void close() {
        sender.close();
        receiver.close();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long receive() throws IOException, InterruptedException {
        sender.command(COUNT, first, receiver.port(), PAYLOAD, traits ? 1 : 0);
        RoundResult result = receiver.drain(COUNT, first, traits);
        if (result.wrong() != 0) {
            throw new IllegalStateException(result.wrong() + " datagrams with other contents or traits than were sent");
        }
        first += COUNT;
        return result.nanos();
    }
}
