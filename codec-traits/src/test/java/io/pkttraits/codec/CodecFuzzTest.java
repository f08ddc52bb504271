// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.TraitsArbitraryProvider;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Any bytes decode, or give the one typed error; what decodes is what the bytes say. */
final class CodecFuzzTest {
    @Property(tries = 3000)
    void mutatedEncodingDecodesOrIsRefused(
            @ForAll("encodings") Tuple2<Format, byte[]> encoding,
            @ForAll("mutations") List<Tuple2<Integer, Byte>> mutations,
            @ForAll BufferKind kind) {
        byte[] bytes = encoding.get2().clone();
        for (Tuple2<Integer, Byte> mutation : mutations) {
            if (bytes.length > 0) {
                bytes[mutation.get1() % bytes.length] = mutation.get2();
            }
        }
        decodesOrIsRefused(encoding.get1(), bytes, kind);
    }

    @Property(tries = 2000)
    void truncatedOrExtendedEncodingDecodesOrIsRefused(
            @ForAll("encodings") Tuple2<Format, byte[]> encoding,
            @ForAll("lengths") int length,
            @ForAll BufferKind kind) {
        byte[] bytes = encoding.get2();
        decodesOrIsRefused(encoding.get1(), Arrays.copyOf(bytes, length % (bytes.length + 30)), kind);
    }

    @Property(tries = 3000)
    void randomBytesDecodeOrAreRefused(@ForAll Format format, @ForAll("small") byte[] bytes, @ForAll BufferKind kind) {
        decodesOrIsRefused(format, bytes, kind);
    }

    @Provide
    Arbitrary<Tuple2<Format, byte[]>> encodings() {
        return Arbitraries.of(Format.class)
                .flatMap(format -> TraitsArbitraryProvider.traits(format.lengths())
                        .map(traits -> Tuple.of(format, bytes(format, traits))));
    }

    /** Mostly the bytes that mean something in some field. */
    @Provide
    Arbitrary<List<Tuple2<Integer, Byte>>> mutations() {
        return Mutations.by(interestingBytes());
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, 2000);
    }

    @Provide
    Arbitrary<byte[]> small() {
        return interestingBytes().array(byte[].class).ofMaxSize(72).withoutEdgeCases();
    }

    private static Arbitrary<Byte> interestingBytes() {
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 2, 3, 4, 8, 16, 17, 63, 64, 0xfe, 0xff).map(Integer::byteValue),
                Arbitraries.bytes());
    }

    private static byte[] bytes(Format format, Traits traits) {
        ByteBuf out = Unpooled.buffer();
        format.encode(traits, out);
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.release();
        return bytes;
    }

    private static void decodesOrIsRefused(Format format, byte[] bytes, BufferKind kind) {
        ByteBuf in = kind.of(bytes);
        int readerIndex = in.readerIndex();
        int writerIndex = in.writerIndex();
        try {
            Traits traits = format.decode(in);
            assertEquals(writerIndex, in.readerIndex());
            if (format == Format.PKT_TRAIT) {
                assertElementsAre(traits, bytes);
            } else {
                assertArrayEquals(bytes, bytes(format, traits), "a set has one encoding");
            }
        } catch (MalformedTraitsException e) {
            assertEquals(readerIndex, in.readerIndex());
            assertTrue(e.offset() >= 0 && e.offset() <= bytes.length, e::getMessage);
        }
        assertEquals(writerIndex, in.writerIndex());
        assertArrayEquals(bytes, ByteBufUtil.getBytes(in, readerIndex, bytes.length));
        in.release();
    }

    /** Reads the elements in the plainest way there is. */
    private static void assertElementsAre(Traits traits, byte[] bytes) {
        int present = 0;
        for (int at = 0; at < bytes.length; at += 24) {
            int len = bytes[at + 2] & 0xff;
            if (bytes[at + 3] == 0 && len != 0) {
                present++;
                assertArrayEquals(
                        Arrays.copyOfRange(bytes, at + 8, at + 8 + (len == 0xff ? 0 : len)),
                        traits.getBytes(bytes[at + 1]));
            }
        }
        assertEquals(present, traits.size());
    }
}
