// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pkttraits.transport.pool.TraitsPoolExhaustedException;
import java.util.concurrent.RejectedExecutionException;

/** Says in a status why no connection to the upstream was to be had. */
public final class UpstreamFailure {
    private UpstreamFailure() {}

    public static HttpResponseStatus statusOf(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return HttpResponseStatus.GATEWAY_TIMEOUT;
        }
        if (cause instanceof TraitsPoolExhaustedException
                || cause instanceof ShareExhaustedException
                || cause instanceof RejectedExecutionException) {
            return HttpResponseStatus.SERVICE_UNAVAILABLE;
        }
        return HttpResponseStatus.BAD_GATEWAY;
    }
}
