// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a call costs on this machine, the yardstick of the talk's figures. */
@State(Scope.Thread)
public class CallBaseline {
    // Three classes at one call site: the JIT compiler can then neither inline nor guess the target.
    private final IntUnaryOperator[] targets = {value -> value + 1, value -> value + 2, value -> value + 3};
    private int value = 7;
    private int next;

    /** Nothing but JMH's own cost. */
    @Benchmark
    public int nothing() {
        return value;
    }

    /** A static method that is not inlined. */
    @Benchmark
    public int call() {
        return notInlined(value);
    }

    /** An interface method with three targets in turn. */
    @Benchmark
    public int indirectCall() {
        next = next == 2 ? 0 : next + 1;
        return targets[next].applyAsInt(value);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static int notInlined(int value) {
        return value + 1;
    }
}
