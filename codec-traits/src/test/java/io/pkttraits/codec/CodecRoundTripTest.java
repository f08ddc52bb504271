// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pkttraits.Traits;
import io.pkttraits.TraitsArbitraryProvider;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** What is encoded decodes to the same set, in every format and buffer. */
final class CodecRoundTripTest {
    @Property(tries = 2000)
    void decodeOfEncodeIsTheSameSet(
            @ForAll("encodable") Tuple2<Format, Traits> encodable,
            @ForAll BufferKind kind,
            @ForAll BufferKind copyKind) {
        Format format = encodable.get1();
        Traits traits = encodable.get2();
        ByteBuf buffer = kind.empty();
        int readerIndex = buffer.readerIndex();
        format.encode(traits, buffer);
        assertEquals(readerIndex, buffer.readerIndex());
        assertEquals(format.encodedLength(traits), buffer.readableBytes());

        ByteBuf copy = copyKind.of(ByteBufUtil.getBytes(buffer));
        int writerIndex = copy.writerIndex();
        assertEquals(traits, format.decode(copy));
        assertEquals(writerIndex, copy.readerIndex());
        assertEquals(writerIndex, copy.writerIndex());

        assertEquals(traits, format.decode(buffer));
        copy.release();
        buffer.release();
    }

    @Property
    void emptySetComesBackAsItself(@ForAll Format format, @ForAll BufferKind kind) {
        ByteBuf buffer = kind.empty();
        format.encode(Traits.EMPTY, buffer);
        assertSame(Traits.EMPTY, format.decode(buffer));
        buffer.release();
    }

    @Provide
    Arbitrary<Tuple2<Format, Traits>> encodable() {
        return Arbitraries.of(Format.class)
                .flatMap(format ->
                        TraitsArbitraryProvider.traits(format.lengths()).map(traits -> Tuple.of(format, traits)));
    }
}
