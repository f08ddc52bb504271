// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.channel.unix.Errors;
import io.pkttraits.transport.TraitsException;
import java.nio.channels.ClosedChannelException;

/** Why a datagram was not passed on. */
enum DropCause {
    FLOW_LIMIT("flow-limit", "there are as many flows as --max-flows allows"),
    NO_FLOW("no-flow", "no socket could be opened and connected to the upstream"),
    /** With {@link io.pkttraits.transport.UnsendablePolicy#FAIL} alone. */
    UNSENDABLE("unsendable", "its traits cannot be sent"),
    CONFLICT("conflict", "two forward rules give one of its traits"),
    OVERSIZED("oversized", "it is larger than --max-datagram, or than a packet can be"),
    OVERLOAD("overload", "the kernel takes datagrams more slowly than they come"),
    SEND_ERROR("send-error", "the kernel does not send it"),
    CLOSED("closed", "its flow ended before the kernel took it"),
    /** As the kernel counts it, so the relay has not received these. */
    RECEIVE_BUFFER("receive-buffer", "the receive buffer of a socket was full");

    private static final int EMSGSIZE = 90;
    private static final int ENOBUFS = 105;

    private final String id;
    private final String description;

    DropCause(String id, String description) {
        this.id = id;
        this.description = description;
    }

    /** Why a write failed that had these traits or none. */
    static DropCause of(Throwable failure, boolean withTraits) {
        if (failure instanceof TraitsException) {
            return UNSENDABLE;
        }
        if (failure instanceof ClosedChannelException) {
            return CLOSED;
        }
        return switch (failure instanceof Errors.NativeIoException error ? -error.expectedErr() : 0) {
            case EMSGSIZE -> withTraits ? UNSENDABLE : OVERSIZED;
            case ENOBUFS -> OVERLOAD;
            default -> SEND_ERROR;
        };
    }

    String description() {
        return description;
    }

    /** The name in the totals, e.g. {@code flow-limit}. */
    @Override
    public String toString() {
        return id;
    }
}
