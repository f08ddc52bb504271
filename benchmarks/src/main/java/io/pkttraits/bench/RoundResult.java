// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

/**
 * What a sender or receiver says of a round.
 *
 * @param count datagrams
 * @param nanos time that they took
 * @param wrong how many of them had another payload or other traits than were sent
 * @param decoded how many had traits, by the library's counter; 0 from a program in C
 */
record RoundResult(long count, long nanos, long wrong, long decoded) {
    /** The line by which a process answers: three or four numbers. */
    static RoundResult parse(String line) {
        String[] parts = line.split(" ", -1);
        return new RoundResult(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                parts.length > 3 ? Long.parseLong(parts[3]) : 0);
    }

    String line() {
        return count + " " + nanos + " " + wrong + " " + decoded;
    }
}
