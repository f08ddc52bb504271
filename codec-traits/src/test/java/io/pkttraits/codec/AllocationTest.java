// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the hot path allocates: nothing, but for the set that a decoder returns. */
final class AllocationTest {
    private static final int CALLS = 1000;
    private static final Traits EIGHT = Traits.builder()
            .putInt(1, 1)
            .putLong(9, 2)
            .putInt(17, 3)
            .putLong(25, 4)
            .putInt(33, 5)
            .putLong(41, 6)
            .putInt(49, 7)
            .putLong(57, 8)
            .build();
    private static final Traits EVERY_LENGTH = Traits.builder()
            .putFlag(3)
            .putShort(5, (short) -2)
            .putInt(7, 4)
            .putLong(11, 8)
            .put(13, new byte[16])
            .build();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final byte[] dst = new byte[Traits.MAX_VALUE_LENGTH];
    private Traits decoded;
    private long sum;

    @Test
    void gettersAllocateNothing() {
        for (Traits traits : new Traits[] {EIGHT, EVERY_LENGTH}) {
            assertEquals(0, bytesPerCall(() -> {
                for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
                    sum += traits.getInt(key, 0) + traits.getInt(key, 0, BIG_ENDIAN) + traits.getLong(key, 0);
                    sum += traits.length(key) + traits.getBytes(key, dst, 0) + (traits.getFlag(key) ? 1 : 0);
                }
                sum += traits.getInt(2, 0) + traits.getInt(64, 0) + traits.size() + traits.hashCode();
            }));
        }
    }

    @Test
    void numbersOfTypedKeysAreReadAndPutWithoutAllocating() {
        TraitKey<Integer> number = TraitKey.ofInt(17, BIG_ENDIAN);
        TraitKey<Long> large = TraitKey.ofLong(25, BIG_ENDIAN);
        TraitKey<Boolean> flag = TraitKey.ofFlag(3);
        TraitsBuilder builder = Traits.builder();
        assertEquals(0, bytesPerCall(() -> {
            sum += EIGHT.getInt(number, -1) + EIGHT.getLong(large, -1) + (EIGHT.getFlag(flag) ? 1 : 0);
            sum += EIGHT.contains(number) ? 1 : 0;
            builder.putInt(number, 1 << 20).putLong(large, 1L << 40);
        }));
    }

    @Test
    void firstHashOfASetAllocatesNothing() {
        byte[] value = EIGHT.getBytes(1);
        long set = bytesPerCall(() -> decoded = EIGHT.with(1, value));
        assertEquals(set, bytesPerCall(() -> {
            decoded = EIGHT.with(1, value);
            sum += decoded.hashCode();
        }));
    }

    @ParameterizedTest
    @EnumSource
    void encodersAllocateNothing(Format format) {
        for (ByteBuf buffer : buffers()) {
            assertEquals(0, bytesPerCall(() -> format.encode(EIGHT, buffer.clear())));
            buffer.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodersAllocateTheSetAlone(Format format) {
        // What two objects of this shape take on this JVM, whose headers and alignment we need not know.
        byte[] value = EIGHT.getBytes(1);
        long values = bytesPerCall(() -> decoded = EIGHT.with(1, value));
        for (ByteBuf buffer : buffers()) {
            format.encode(EIGHT, buffer);
            assertEquals(values, bytesPerCall(() -> decoded = format.decode(buffer.readerIndex(0))));
            assertEquals(EIGHT, decoded);
            buffer.release();
        }
    }

    /** Without leak detection, which allocates on every access. */
    private static ByteBuf[] buffers() {
        return new ByteBuf[] {
            Unpooled.wrappedBuffer(new byte[256]).clear(),
            Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(256)).clear(),
            new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, 256, 256),
        };
    }

    /** The least of some rounds: the first ones pay for classes and call sites. */
    private long bytesPerCall(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / CALLS;
    }
}
