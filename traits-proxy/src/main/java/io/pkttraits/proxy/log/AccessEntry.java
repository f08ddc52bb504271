// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import io.pkttraits.Traits;
import java.net.SocketAddress;
import java.time.Instant;

/**
 * What the access log says of one request.
 *
 * @param when the request ended
 * @param peer the client
 * @param method as the client sent it, {@code -} if it cannot be told
 * @param uri as the client sent it, {@code -} if it cannot be told
 * @param version as the client sent it
 * @param status that of the response, or 0 if there was none
 * @param bytes of the response's content
 * @param nanos since the request's head was read
 * @param end how it ended
 * @param traits those that the client's connection came with
 * @param forwarded those of the upstream connection that had the request
 */
public record AccessEntry(
        Instant when,
        SocketAddress peer,
        String method,
        String uri,
        String version,
        int status,
        long bytes,
        long nanos,
        AccessLog.End end,
        Traits traits,
        Traits forwarded) {}
