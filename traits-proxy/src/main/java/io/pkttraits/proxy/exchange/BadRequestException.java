// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is answered by the proxy itself. Has no stack trace, since clients cause it at will. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    public BadRequestException(HttpResponseStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public HttpResponseStatus status() {
        return status;
    }
}
