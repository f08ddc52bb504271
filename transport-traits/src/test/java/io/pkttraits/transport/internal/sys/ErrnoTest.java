// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.pkttraits.transport.PacketTraits;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ErrnoTest {
    private Socket socket;

    @BeforeEach
    void open() {
        PacketTraits.ensureAvailability();
        socket = Socket.newSocketStream();
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
    }

    @Test
    void optionThatDoesNotExist() {
        assertEquals(Errno.ENOPROTOOPT, errnoOf(() -> socket.setIntOpt(SocketOption.SOL_TCP, 0x7abc, 1)));
        assertEquals(Errno.ENOPROTOOPT, errnoOf(() -> socket.getIntOpt(SocketOption.SOL_TCP, 0x7abc)));
    }

    @Test
    void valueThatIsRefused() {
        assertEquals(
                Errno.EINVAL, errnoOf(() -> socket.setRawOpt(SocketOption.SOL_IP, 4, ByteBuffer.allocateDirect(41))));
    }

    @Test
    void otherFailuresHaveNone() {
        assertEquals(0, Errno.of(new ChannelException("setsockopt() failed: no such luck")));
        assertEquals(0, Errno.of(new ChannelException()));
    }

    private interface Call {
        void run() throws Exception;
    }

    private static int errnoOf(Call call) {
        return Errno.of(assertThrows(ChannelException.class, call::run));
    }
}
