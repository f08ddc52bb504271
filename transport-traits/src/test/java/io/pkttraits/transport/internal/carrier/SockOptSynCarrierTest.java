// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.PktTraitCodec;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.Errno;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a kernel may answer by the RFC, including what no kernel here answers. */
final class SockOptSynCarrierTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 7).withShort(9, (short) 5);
    private static final int IO_ERR = 3;

    private SockOptSynCarrier carrier;

    /** Netty asks for the family of any descriptor, so the doubles need one that is open. */
    private static Socket real;

    @BeforeAll
    static void open() {
        PacketTraits.ensureAvailability();
        real = Socket.newSocketStream();
    }

    @AfterAll
    static void close() throws Exception {
        real.close();
    }

    @BeforeEach
    void newCarrier() {
        carrier = new SockOptSynCarrier(TraitsNumbers.Tcp.kernel(), SupportedLengths.ALL);
    }

    @Test
    void getAsksForAllKeysInOrder() {
        KernelDouble kernel = new KernelDouble() {
            @Override
            void get(ByteBuf elements) {
                for (int key = 0; key < 64; key++) {
                    assertEquals(key, PktTraitCodec.key(elements, key));
                    assertEquals(0, PktTraitCodec.ioErr(elements, key));
                }
            }
        };
        assertSame(Traits.EMPTY, carrier.readSyn(kernel, this));
        assertEquals(64 * 24, kernel.lastLength);
    }

    @Test
    void getThatAnswersNoElementsIsNoTraits() {
        long absent = TraitsCounter.SYN_ABSENT.get();
        assertSame(Traits.EMPTY, carrier.readSyn(new KernelDouble(), this));
        assertEquals(absent + 1, TraitsCounter.SYN_ABSENT.get());
    }

    @Test
    void sizeThatTheKernelDoesNotCarryIsRefusedBeforeAnythingIsSet() {
        SockOptSynCarrier halfAKernel =
                new SockOptSynCarrier(TraitsNumbers.Tcp.kernel(), new SupportedLengths(length -> length == 4));
        KernelDouble kernel = new KernelDouble();
        TraitsException refused =
                assertThrows(TraitsException.class, () -> halfAKernel.prepareConnect(kernel, REMOTE, TRAITS));
        assertEquals(9, refused.key());
        assertTrue(refused.getMessage().contains("no values of 2 bytes"), refused.getMessage());
        assertFalse(refused.isPartlySet());
        assertEquals(0, kernel.lastLength);
    }

    @Test
    void nothingOfAnEarlierReadIsSeenAgain() {
        assertEquals(TRAITS, carrier.readSyn(answering(TRAITS), this));
        assertSame(Traits.EMPTY, carrier.readSyn(new KernelDouble(), this));
    }

    @Test
    void elementsThatFailedAreLeftOutAndCounted() {
        long errors = TraitsCounter.READ_ERROR.get();
        KernelDouble kernel = new KernelDouble() {
            @Override
            void get(ByteBuf elements) {
                answer(elements, TRAITS);
                elements.setByte(9 * PktTraitCodec.LENGTH + IO_ERR, Errno.EIO);
                throw failed("getsockopt() failed: ", Errno.EIO);
            }
        };
        assertEquals(TRAITS.without(9), carrier.readSyn(kernel, this));
        assertEquals(errors + 1, TraitsCounter.READ_ERROR.get());
    }

    @Test
    void readThatTheKernelRefusesIsCountedAndEmpty() {
        long errors = TraitsCounter.READ_ERROR.get();
        KernelDouble kernel = new KernelDouble() {
            @Override
            void get(ByteBuf elements) {
                throw failed("getsockopt() failed: ", Errno.ENOPROTOOPT);
            }
        };
        assertSame(Traits.EMPTY, carrier.readSyn(kernel, this));
        assertEquals(errors + 1, TraitsCounter.READ_ERROR.get());
    }

    @Test
    void answerThatIsNoArrayOfTraitsIsCountedAndEmpty() {
        long malformed = TraitsCounter.MALFORMED.get();
        KernelDouble kernel = new KernelDouble() {
            @Override
            void get(ByteBuf elements) {
                elements.setByte(2, 3);
            }
        };
        assertSame(Traits.EMPTY, carrier.readSyn(kernel, this));
        assertEquals(malformed + 1, TraitsCounter.MALFORMED.get());
    }

    @Test
    void setPassesEachTraitOnce() throws Exception {
        KernelDouble kernel = new KernelDouble();
        carrier.prepareConnect(kernel, REMOTE, TRAITS);
        assertEquals(TRAITS, kernel.lastSet);
    }

    @Test
    void errorOfTheWholeSetHasItsErrno() {
        KernelDouble kernel = refusing(Errno.ENOSPC, traits -> true);
        TraitsException failure =
                assertThrows(TraitsException.class, () -> carrier.prepareConnect(kernel, REMOTE, TRAITS));
        assertEquals(Errno.ENOSPC, failure.errno());
        assertEquals(TraitsException.NO_KEY, failure.key());
        assertFalse(failure.isPartlySet());
        assertEquals(1, kernel.sets);
    }

    @Test
    void culpritIsNamedWhereTheKernelWritesIoErrBack() {
        KernelDouble kernel = new KernelDouble() {
            @Override
            void set(ByteBuf elements) {
                elements.setByte(PktTraitCodec.LENGTH + IO_ERR, Errno.EBUSY);
                throw failed("setsockopt() failed: ", Errno.EIO);
            }
        };
        assertCulprit(kernel, Errno.EBUSY);
        assertEquals(1, kernel.sets);
    }

    @Test
    void culpritIsFoundElementByElementWhereTheKernelDoesNotWriteBack() {
        assertCulprit(refusing(Errno.EIO, traits -> traits.contains(9)), Errno.EIO);
    }

    @Test
    void culpritIsFoundOnTheRealPolyfillToo() throws Exception {
        Socket socket = Socket.newSocketStream();
        try {
            SockOptSynCarrier polyfill = new SockOptSynCarrier(TraitsNumbers.BPF, SupportedLengths.ALL);
            polyfill.prepareConnect(socket, REMOTE, Traits.EMPTY.withLong(9, 1));
            TraitsException failure =
                    assertThrows(TraitsException.class, () -> polyfill.prepareConnect(socket, REMOTE, TRAITS));
            assertEquals(9, failure.key());
            assertTrue(failure.isPartlySet());
        } finally {
            socket.close();
        }
    }

    private void assertCulprit(KernelDouble kernel, int errno) {
        TraitsException failure =
                assertThrows(TraitsException.class, () -> carrier.prepareConnect(kernel, REMOTE, TRAITS));
        assertEquals(9, failure.key());
        assertEquals(errno, failure.errno());
        assertTrue(failure.isPartlySet());
        assertTrue(failure.getMessage().contains("trait 9 of 2 bytes"), failure.getMessage());
    }

    private static KernelDouble answering(Traits traits) {
        return new KernelDouble() {
            @Override
            void get(ByteBuf elements) {
                answer(elements, traits);
            }
        };
    }

    private static KernelDouble refusing(int errno, Predicate<Traits> refused) {
        return new KernelDouble() {
            @Override
            void set(ByteBuf elements) {
                if (refused.test(PktTraitCodec.decode(elements.duplicate()))) {
                    throw failed("setsockopt() failed: ", errno);
                }
            }
        };
    }

    private static void answer(ByteBuf elements, Traits traits) {
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            ByteBuf element = elements.slice(key * PktTraitCodec.LENGTH, PktTraitCodec.LENGTH);
            PktTraitCodec.encode(traits.only(1L << key), element.clear());
        }
    }

    private static ChannelException failed(String call, int errno) {
        String text = Errors.newIOException("", -errno).getMessage();
        return new ChannelException(call + text.substring(text.indexOf("): ") + 3));
    }

    /** A socket of which the traits options answer as a test says; by default as a kernel that saved nothing. */
    private static class KernelDouble extends Socket {
        int lastLength;
        int sets;
        Traits lastSet;

        KernelDouble() {
            super(real.intValue());
        }

        /** Success with optlen 0 leaves the buffer as it was. */
        @SuppressWarnings("UnusedVariable")
        void get(ByteBuf elements) {}

        void set(ByteBuf elements) {
            lastSet = PktTraitCodec.decode(elements.duplicate());
        }

        @Override
        public void getRawOpt(int level, int optname, ByteBuffer out) {
            assertEquals(SocketOption.SOL_TCP, level);
            assertEquals(45, optname);
            lastLength = out.remaining();
            get(Unpooled.wrappedBuffer(out));
        }

        @Override
        public void setRawOpt(int level, int optname, ByteBuffer in) {
            assertEquals(SocketOption.SOL_TCP, level);
            assertEquals(45, optname);
            sets++;
            set(Unpooled.wrappedBuffer(in));
        }
    }
}
