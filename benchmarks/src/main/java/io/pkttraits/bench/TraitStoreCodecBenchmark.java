// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitStoreCodec;
import io.pkttraits.codec.TraitStoreLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A trait store of 8 traits in the layout of the first RFC series; the others run the same code. */
@State(Scope.Thread)
public class TraitStoreCodecBenchmark {
    private static final TraitStoreLayout LAYOUT = TraitStoreLayout.RFC_V1;

    private final Traits traits = EightTraits.create();
    private final ByteBuf out = Unpooled.directBuffer(256);
    private final ByteBuf in = Unpooled.directBuffer(256);

    public TraitStoreCodecBenchmark() {
        TraitStoreCodec.encode(traits, LAYOUT, in);
    }

    @Benchmark
    public ByteBuf encode() {
        TraitStoreCodec.encode(traits, LAYOUT, out.clear());
        return out;
    }

    @Benchmark
    public Traits decode() {
        return TraitStoreCodec.decode(in.readerIndex(0), LAYOUT);
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
    }
}
