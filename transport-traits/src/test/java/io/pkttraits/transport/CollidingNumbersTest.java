// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import io.pkttraits.codec.Traits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/**
 * On a mainline kernel the RFC's four numbers are other options. Detection and use must not change them on any socket
 * of a user.
 */
final class CollidingNumbersTest {
    private static final int SOL_SOCKET = 1;
    private static final SocketOption TCP_RTO_MAX_MS = new SocketOption(SocketOption.SOL_TCP, 44);
    private static final SocketOption TCP_RTO_MIN_US = new SocketOption(SocketOption.SOL_TCP, 45);
    private static final SocketOption SO_RCVPRIORITY = new SocketOption(SOL_SOCKET, 82);
    private static final SocketOption SO_PASSRIGHTS = new SocketOption(SOL_SOCKET, 83);

    @BeforeEach
    void loadNatives() {
        PacketTraits.ensureAvailability();
    }

    @Test
    void detectionChangesNoOptionOfSocketsThatAreOpen() throws Exception {
        Socket tcp = Socket.newSocketStream();
        Socket unix = Socket.newSocketDomain();
        try {
            assertDefaultsDifferFromWhatDetectionTries(tcp, unix);
            set(tcp, TCP_RTO_MAX_MS, 7_000);
            set(tcp, TCP_RTO_MIN_US, 100_000);
            for (int round = 0; round < 3; round++) {
                CarrierChoice.detect();
                CarrierProbe.kernel(SockOptNumbers.kernel());
                DatagramProbe.kernel(ScmNumbers.kernel());
            }
            assertEquals(7_000, get(tcp, TCP_RTO_MAX_MS));
            assertEquals(100_000, get(tcp, TCP_RTO_MIN_US));
            assertEquals(0, get(tcp, SO_RCVPRIORITY));
            assertEquals(1, get(unix, SO_PASSRIGHTS));
        } finally {
            tcp.close();
            unix.close();
        }
    }

    private static void assertDefaultsDifferFromWhatDetectionTries(Socket tcp, Socket unix) throws Exception {
        assertNotEquals(1, get(tcp, TCP_RTO_MAX_MS));
        assertNotEquals(1, get(tcp, TCP_RTO_MIN_US));
        assertEquals(0, get(tcp, SO_RCVPRIORITY));
        assertEquals(1, get(unix, SO_PASSRIGHTS));
    }

    @Test
    void useChangesNoOptionOfTheChannelsItIsUsedOn() throws Exception {
        for (TestTransport transport : TestTransport.all()) {
            try (TestServer plain = new TestServer(transport, Family.IPV4, bootstrap -> {});
                    TestServer traits = new TestServer(
                            transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
                Channel plainClient = plain.connect();
                Channel traitsClient = traits.connect(new UpstreamTraits(Traits.EMPTY.withInt(4, 5)));
                Channel plainAccepted = plain.nextAccepted();
                Channel traitsAccepted = traits.nextAccepted();
                assertEquals(Traits.EMPTY.withInt(4, 5), SynTraits.of(traitsAccepted));
                assertSameOptions(plain.listener(), traits.listener());
                assertSameOptions(plainClient, traitsClient);
                assertSameOptions(plainAccepted, traitsAccepted);
            }
        }
    }

    private static void assertSameOptions(Channel expected, Channel actual) throws Exception {
        for (SocketOption option : new SocketOption[] {TCP_RTO_MAX_MS, TCP_RTO_MIN_US, SO_RCVPRIORITY}) {
            assertEquals(
                    get(TraitsSocket.of(expected), option), get(TraitsSocket.of(actual), option), option::toString);
        }
    }

    private static void set(Socket socket, SocketOption option, int value) throws Exception {
        socket.setIntOpt(option.level(), option.optname(), value);
    }

    private static int get(Socket socket, SocketOption option) throws Exception {
        return socket.getIntOpt(option.level(), option.optname());
    }
}
