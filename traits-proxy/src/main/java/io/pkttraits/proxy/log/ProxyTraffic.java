// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AttributeKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients ask for and how that ends: for each connection, and for all of them by version and kind of status. */
public final class ProxyTraffic {
    /** What the last one stands for is decided by {@link #versionOf}. */
    public static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0", "other");

    public static final List<String> STATUSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private static final AttributeKey<RequestRate> OF_CONNECTION =
            AttributeKey.valueOf(ProxyTraffic.class, "OF_CONNECTION");

    private final RequestRate all = new RequestRate();
    private final LongAdder[] ended = new LongAdder[VERSIONS.size() * STATUSES.size()];
    private final LongAdder nanos = new LongAdder();

    public ProxyTraffic() {
        Arrays.setAll(ended, i -> new LongAdder());
    }

    /** A request's head has come on a connection, or on one of its streams. */
    public void begin(Channel channel) {
        all.increment();
        boolean isStream = channel instanceof Http2StreamChannel || channel instanceof QuicStreamChannel;
        of(isStream ? channel.parent() : channel).increment();
    }

    /**
     * A request is done with.
     *
     * @param status of its response, 0 if there was none
     * @param tookNanos since its head was read
     */
    public void end(String version, int status, long tookNanos) {
        int kind = status / 100;
        ended[index(versionOf(version), kind < STATUSES.size() ? kind : 0)].increment();
        nanos.add(tookNanos);
    }

    public RequestRate all() {
        return all;
    }

    public static RequestRate of(Channel connection) {
        RequestRate rate = connection.attr(OF_CONNECTION).get();
        if (rate != null) {
            return rate;
        }
        RequestRate fresh = new RequestRate();
        RequestRate before = connection.attr(OF_CONNECTION).setIfAbsent(fresh);
        return before == null ? fresh : before;
    }

    public long ended(int version, int status) {
        return ended[index(version, status)].sum();
    }

    /** Of all requests that are done with. */
    public long ended() {
        return Arrays.stream(ended).mapToLong(LongAdder::sum).sum();
    }

    public long nanos() {
        return nanos.sum();
    }

    private static int index(int version, int status) {
        return version * STATUSES.size() + status;
    }

    private static int versionOf(String version) {
        int index = VERSIONS.indexOf(version);
        return index < 0 ? VERSIONS.size() - 1 : index;
    }
}
