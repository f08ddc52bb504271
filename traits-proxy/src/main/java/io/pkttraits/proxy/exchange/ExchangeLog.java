// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pkttraits.Traits;
import io.pkttraits.proxy.log.AccessEntry;
import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.proxy.log.ProxyTraffic;
import java.net.SocketAddress;
import java.time.Instant;

/** Gathers what the access log and the meters say of one request, and says it once. */
public final class ExchangeLog {
    private final AccessLog accessLog;
    private final ProxyTraffic traffic;
    private final SocketAddress peer;
    private final Traits traits;
    private Traits forwarded = Traits.EMPTY;
    private Traits carried;
    private final String method;
    private final String uri;
    private final String version;
    private final long startNanos = System.nanoTime();
    private int status;
    private long bytes;
    private boolean ended;

    public ExchangeLog(
            AccessLog accessLog,
            ProxyTraffic traffic,
            SocketAddress peer,
            Traits traits,
            String method,
            String uri,
            String version) {
        this.accessLog = accessLog;
        this.traffic = traffic;
        this.peer = peer;
        this.traits = traits;
        this.method = method;
        this.uri = uri;
        this.version = version;
    }

    /** The request's target, fit for a log line. */
    String uri() {
        return AccessLog.escape(uri);
    }

    /** What goes on with the request otherwise than by its upstream connection's SYN. */
    public void carrying(Traits traits) {
        carried = traits;
    }

    /** What the SYN of the upstream connection that has the request carried, if one has. */
    void forwarded(Traits sent) {
        forwarded = carried == null ? sent : carried;
    }

    public void responding(HttpResponseStatus status) {
        this.status = status.code();
    }

    public void responded(int contentBytes) {
        bytes += contentBytes;
    }

    /** Says it when the last part of the response is written, or cannot be. */
    public void endWith(ChannelFuture lastWrite) {
        lastWrite.addListener(future -> end(future.isSuccess() ? AccessLog.End.COMPLETE : AccessLog.End.CLIENT));
    }

    public void end(AccessLog.End end) {
        if (!ended) {
            ended = true;
            long took = System.nanoTime() - startNanos;
            traffic.end(version, status, took);
            accessLog.log(new AccessEntry(
                    Instant.now(), peer, method, uri, version, status, bytes, took, end, traits, forwarded));
        }
    }
}
