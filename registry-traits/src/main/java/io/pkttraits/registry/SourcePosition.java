// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

/**
 * Where in a file something is written.
 *
 * @param file as the application named it, or below the directory that it named
 * @param line from 1; 0 for the file as a whole
 * @param column from 1; 0 for the file as a whole
 */
public record SourcePosition(String file, int line, int column) {
    static SourcePosition ofFile(Object file) {
        return new SourcePosition(file.toString(), 0, 0);
    }

    /** {@code file:line:column}, or {@code file}. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
