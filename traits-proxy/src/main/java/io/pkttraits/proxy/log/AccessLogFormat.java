// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

/** What a line of the {@link AccessLog} looks like. */
public enum AccessLogFormat {
    /** {@code name=value} pairs. */
    TEXT,
    /** A JSON object (RFC 8259). */
    JSON
}
