// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is answered by the proxy itself. Has no stack trace, since clients cause it at will. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    BadRequestException(HttpResponseStatus status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    HttpResponseStatus status() {
        return status;
    }
}
