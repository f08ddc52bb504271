// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.policy.BoundTraitsPolicy;
import io.pkttraits.transport.policy.ConnectionFacts;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's way to the upstream: a connected socket, from whose port the upstream sees the client's datagrams come. */
final class Flow extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private final InetSocketAddress client;
    private InetSocketAddress listening;
    private final Listener listener;
    private final RelayTotals totals;
    private Channel channel;
    private DatagramSender toUpstream;
    private Supplier<TraitsPolicy> newest;
    private TraitsPolicy policy;
    private BoundTraitsPolicy ofClient;
    private BoundTraitsPolicy ofUpstream;
    private long lastUsedNanos;
    private boolean unflushed;
    private boolean replied;

    Flow(InetSocketAddress client, Listener listener, RelayTotals totals) {
        this.client = client;
        this.listener = listener;
        this.totals = totals;
    }

    InetSocketAddress client() {
        return client;
    }

    /** The time of the last datagram either way, as {@link System#nanoTime} has it. */
    long lastUsedNanos() {
        return lastUsedNanos;
    }

    void use(long nanos) {
        lastUsedNanos = nanos;
    }

    /** @param listening where the client sends to */
    void opened(Channel connected, InetSocketAddress listening, Supplier<TraitsPolicy> policy, DatagramSender sender) {
        channel = connected;
        this.listening = listening;
        newest = policy;
        toUpstream = sender;
    }

    private void bindPolicyIfChanged() {
        TraitsPolicy now = newest.get();
        if (now == policy) {
            return;
        }
        policy = now;
        ofClient = policy.bind(ConnectionFacts.of(client, listening));
        ofUpstream = policy.bind(ConnectionFacts.of(
                (InetSocketAddress) channel.remoteAddress(), (InetSocketAddress) channel.localAddress()));
    }

    /** The policy for what the upstream sends. */
    BoundTraitsPolicy ofUpstream() {
        bindPolicyIfChanged();
        return ofUpstream;
    }

    /** Passes the client's datagram on. Returns whether it is the first since {@link #flush}. */
    boolean send(TraitsDatagramPacket packet) {
        bindPolicyIfChanged();
        toUpstream.send(packet, null, client, ofClient);
        boolean first = !unflushed;
        unflushed = true;
        return first;
    }

    void flush() {
        unflushed = false;
        toUpstream.flush();
    }

    void whenClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    void close() {
        if (channel.isOpen()) {
            totals.receiveBufferFull(KernelDrops.of(channel));
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        replied = true;
        listener.reply((TraitsDatagramPacket) msg, this);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Reading an ICMP error completes too, and is no use of the flow.
        if (replied) {
            replied = false;
            listener.repliesComplete(this);
        }
    }

    /** The upstream may come back, so the flow stays until it is idle. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            totals.upstreamError(client, cause);
        } else {
            LOG.error("flow of {} failed", client, cause);
            close();
        }
    }
}
