// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.util.Arrays;
import java.util.Locale;

/** One figure of a variant, round after round. */
final class Series {
    private final double[] values;
    private int size;

    Series(int rounds) {
        values = new double[rounds];
    }

    void add(double value) {
        values[size++] = value;
    }

    double median() {
        return quantile(Arrays.copyOf(values, size), 0.5);
    }

    /**
     * How this one does against another in the same rounds, where less is better.
     *
     * @return the other's figure by this one's: above 1 this one is faster
     */
    Ratio speedOver(Series other) {
        double[] ratios = new double[size];
        for (int i = 0; i < size; i++) {
            ratios[i] = other.values[i] / values[i];
        }
        return new Ratio(quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
    }

    private static double quantile(double[] of, double quantile) {
        double[] sorted = of.clone();
        Arrays.sort(sorted);
        double at = quantile * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** The median of the rounds' ratios, and the quartiles that half of them lie between. */
    record Ratio(double median, double low, double high) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f [%.2f %.2f]", median, low, high);
        }
    }
}
