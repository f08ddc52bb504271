// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A TLV list of 8 traits. */
@State(Scope.Thread)
public class TraitTlvCodecBenchmark {
    private final Traits traits = EightTraits.create();
    private final ByteBuf out = Unpooled.directBuffer(256);
    private final ByteBuf in = Unpooled.directBuffer(256);

    public TraitTlvCodecBenchmark() {
        TraitTlvCodec.encode(traits, in);
    }

    @Benchmark
    public ByteBuf encode() {
        TraitTlvCodec.encode(traits, out.clear());
        return out;
    }

    @Benchmark
    public Traits decode() {
        return TraitTlvCodec.decode(in.readerIndex(0));
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
    }
}
