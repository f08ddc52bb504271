// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The talk's three operations on a set of 8 traits. */
@State(Scope.Thread)
public class TraitsBenchmark {
    // Fields that are not final, so that no key and no set is a constant to the JIT compiler.
    private Traits traits = EightTraits.create();
    private Traits same = EightTraits.create();
    private int intKey = EightTraits.INT_KEY;
    private int longKey = EightTraits.LONG_KEY;
    private TraitKey<Integer> typedKey = TraitKey.ofInt(EightTraits.INT_KEY, ByteOrder.nativeOrder());
    private TraitKey<Long> typedLongKey = TraitKey.ofLong(EightTraits.LONG_KEY, ByteOrder.nativeOrder());
    private int before = EightTraits.FREE_BEFORE;
    private int behind = EightTraits.FREE_BEHIND;
    private int value = 12345;

    /** A 4-byte value. */
    @Benchmark
    public int get() {
        return traits.getInt(intKey, 0);
    }

    /** An 8-byte value. */
    @Benchmark
    public long getLong() {
        return traits.getLong(longKey, 0);
    }

    /** A 4-byte value by a typed key, which knows the size and the byte order. */
    @Benchmark
    public int getIntByTypedKey() {
        return traits.getInt(typedKey, 0);
    }

    /** The same, boxed. */
    @Benchmark
    public Integer getByTypedKey() {
        return traits.get(typedKey);
    }

    /** An 8-byte value by a typed key. */
    @Benchmark
    public long getLongByTypedKey() {
        return traits.getLong(typedLongKey, 0);
    }

    /** A key that is not there. */
    @Benchmark
    public int getAbsent() {
        return traits.getInt(behind, 0);
    }

    /** Adds a trait behind all others. */
    @Benchmark
    public Traits set() {
        return traits.withInt(behind, value);
    }

    /** Adds a trait before all others, whose values move. */
    @Benchmark
    public Traits move() {
        return traits.withInt(before, value);
    }

    /** The first hash of a set, which is one that is made; compare with {@link #set}. */
    @Benchmark
    public int setAndHash() {
        return traits.withInt(behind, value).hashCode();
    }

    /** Compares two equal sets, as a connection pool does. */
    @Benchmark
    public boolean equalSets() {
        return traits.equals(same);
    }
}
