// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.internal.carrier.Ipv4TraitOption;
import io.pkttraits.transport.internal.carrier.OptionSearchResult;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JNI library, batch memory and control messages on real sockets, without any channel. */
final class DatagramSyscallsTest {
    private static final int SOL_IP = 0;
    private static final int IP_RECVOPTS = 6;
    private static final int IP_RETOPTS = 7;
    private static final int EBADF = 9;
    private static final int PAYLOAD_LENGTH = 32;

    private final MessageBatch out = new MessageBatch(4, 4, CmsgHdr.space(40));
    private final MessageBatch in = new MessageBatch(4, 4, CmsgHdr.space(40));
    private final NativeMemory payload = new NativeMemory(8 * PAYLOAD_LENGTH);
    private Socket sender;
    private Socket receiver;

    @BeforeEach
    void open() throws Exception {
        PacketTraits.ensureAvailability();
        assertNull(DatagramSyscalls.unavailability());
        sender = Socket.newSocketDgram();
        receiver = Socket.newSocketDgram();
        receiver.bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0));
        receiver.setIntOpt(SOL_IP, IP_RECVOPTS, 1);
        sender.connect(receiver.localAddress());
    }

    @AfterEach
    void close() throws Exception {
        sender.close();
        receiver.close();
    }

    private void send(Traits... traits) {
        for (int i = 0; i < traits.length; i++) {
            byte[] text = ("datagram " + i).getBytes(StandardCharsets.US_ASCII);
            payload.bytes().setBytes(i * PAYLOAD_LENGTH, text);
            out.setIovec(i, payload.address(i * PAYLOAD_LENGTH), text.length);
            CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder().begin(out.memory(), out.controlAt(i), out.controlCapacity());
            if (!traits[i].isEmpty()) {
                ByteBuf data = cmsgs.add(SOL_IP, IP_RETOPTS);
                Ipv4TraitOption.encode(traits[i], TraitTlvCodec.encodedLength(traits[i]), data);
                cmsgs.finish();
            }
            out.prepare(i, 0, i, 1, cmsgs.length());
        }
        assertEquals(traits.length, DatagramSyscalls.sendmmsg(sender.intValue(), out.address(0), traits.length));
    }

    private int receive(int controlLength) {
        for (int i = 0; i < in.messages(); i++) {
            in.setIovec(i, payload.address((4 + i) * PAYLOAD_LENGTH), PAYLOAD_LENGTH);
            in.prepare(i, SockaddrIn6.SIZE, i, 1, controlLength);
        }
        return DatagramSyscalls.recvmmsg(receiver.intValue(), in.address(0), in.messages());
    }

    private Traits traits(int message) {
        CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator()
                .begin(in.memory(), in.controlAt(message), in.controlCapacity(), in.controlLength(message));
        if (!cmsgs.next()) {
            return Traits.EMPTY;
        }
        assertTrue(cmsgs.is(SOL_IP, IP_RECVOPTS));
        ByteBuf data = cmsgs.data();
        assertEquals(OptionSearchResult.FOUND, Ipv4TraitOption.find(data, data.readerIndex(), data.writerIndex()));
        return TraitTlvCodec.decode(data);
    }

    @Test
    void batchKeepsPayloadsAndTraitsApart() {
        Traits first = Traits.EMPTY.withInt(4, 12345).withFlag(9);
        Traits third = Traits.EMPTY.withLong(63, -2);
        send(first, Traits.EMPTY, third);
        assertEquals(3, receive(in.controlCapacity()));
        assertEquals(first, traits(0));
        assertEquals(Traits.EMPTY, traits(1));
        assertEquals(third, traits(2));
        for (int i = 0; i < 3; i++) {
            byte[] text = new byte[in.length(i)];
            payload.bytes().getBytes((4 + i) * PAYLOAD_LENGTH, text);
            assertEquals("datagram " + i, new String(text, StandardCharsets.US_ASCII));
            assertFalse(in.isControlTruncated(i));
        }
    }

    @Test
    void controlBufferThatIsTooSmallIsTold() {
        send(Traits.EMPTY.withLong(63, -2));
        assertEquals(1, receive(CmsgHdr.space(4)));
        assertTrue(in.isControlTruncated(0));
    }

    @Test
    void errorsAreNegativeErrnos() throws Exception {
        assertEquals(Errors.ERRNO_EAGAIN_NEGATIVE, receive(in.controlCapacity()));
        assertEquals(-EBADF, DatagramSyscalls.recvmmsg(-1, in.address(0), 1));
        assertEquals(-EBADF, DatagramSyscalls.sendmmsg(-1, out.address(0), 1));
    }

    @Test
    void senderIsWrittenAsASocketAddress() {
        send(Traits.EMPTY);
        assertEquals(1, receive(0));
        byte[] port = new byte[2];
        in.bytes().getBytes(in.nameAt(0) + SockaddrIn.SIN_PORT, port);
        int expected = sender.localAddress().getPort();
        assertArrayEquals(new byte[] {(byte) (expected >> 8), (byte) expected}, port);
    }

    @Test
    void layoutThatDiffersIsRefusedNamingWhere() {
        assertThrows(UnsatisfiedLinkError.class, () -> NativeLayout.check(index -> -1));
        UnsatisfiedLinkError wrong =
                assertThrows(UnsatisfiedLinkError.class, () -> NativeLayout.check(index -> index == 0 ? 16 : 7));
        assertTrue(wrong.getMessage().contains("offset 1 of its structures is 7, not 0"), wrong::getMessage);
    }
}
