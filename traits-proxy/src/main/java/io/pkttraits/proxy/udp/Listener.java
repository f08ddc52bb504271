// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening socket and the flows of the clients that send to it. All of them are on one event loop, so that datagrams keep
 * their order and nothing here needs a lock. Replies leave by the socket that the client sent to, and so from that address.
 */
final class Listener extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private final RelayConfig config;
    private final RelayTotals totals;
    private final Semaphore vacancies;
    private final ChannelGroup sockets;
    private final Bootstrap upstreams;
    private final FlowTable flows;
    private final List<Flow> unflushed = new ArrayList<>();
    private Channel channel;
    private DatagramSender toClients;

    /**
     * @param vacancies of flows, shared with the other listeners
     * @param sockets gathers this one's and those of its flows
     */
    Listener(RelayConfig config, EventLoop loop, Semaphore vacancies, RelayTotals totals, ChannelGroup sockets) {
        this.config = config;
        this.totals = totals;
        this.vacancies = vacancies;
        this.sockets = sockets;
        upstreams = DatagramBootstrap.of(config, loop, config.upstream().getAddress());
        flows = new FlowTable(loop, config.limits().idleTimeout(), totals);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        sockets.add(channel);
        toClients = new DatagramSender(channel, config, totals, totals.toClients());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        TraitsDatagramPacket packet = (TraitsDatagramPacket) msg;
        Flow flow = flows.get(packet.sender());
        if (flow == null) {
            flow = open(packet.sender());
        }
        if (flow == null) {
            totals.toUpstream().received();
            packet.release();
        } else if (flow.send(packet)) {
            unflushed.add(flow);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        for (int i = 0; i < unflushed.size(); i++) {
            Flow flow = unflushed.get(i);
            flow.flush();
            flows.use(flow);
        }
        unflushed.clear();
    }

    /** Opens a client's flow. If that cannot be, counts the datagram that asked for it as dropped, and returns {@code null}. */
    private Flow open(InetSocketAddress client) {
        if (!vacancies.tryAcquire()) {
            totals.dropped(DropCause.FLOW_LIMIT, client, null);
            return null;
        }
        Flow flow = new Flow(client, this, totals);
        // Within the event loop neither step takes time: a datagram socket connects at once.
        ChannelFuture opened = upstreams.clone().handler(flow).register();
        if (opened.isSuccess()) {
            opened = opened.channel().connect(config.upstream());
        }
        if (!opened.isSuccess()) {
            vacancies.release();
            totals.dropped(DropCause.NO_FLOW, client, opened.cause());
            if (opened.channel().isOpen()) {
                opened.channel().close();
            }
            return null;
        }
        Channel connected = opened.channel();
        sockets.add(connected);
        flow.opened(
                connected,
                (InetSocketAddress) channel.localAddress(),
                config.policy(),
                new DatagramSender(connected, config, totals, totals.toUpstream()));
        flow.whenClosed(() -> {
            flows.remove(flow);
            vacancies.release();
        });
        flows.add(flow);
        totals.flowOpened();
        return flow;
    }

    /** Passes the upstream's datagram on to the flow's client. */
    void reply(TraitsDatagramPacket packet, Flow flow) {
        toClients.send(packet, flow.client(), flow.client(), flow.ofUpstream());
    }

    /** Called behind the last reply that was there to read. */
    void repliesComplete(Flow flow) {
        toClients.flush();
        flows.use(flow);
    }

    /** Ends the flows and the listening; on the event loop. */
    void close() {
        flows.closeAll();
        if (channel.isOpen()) {
            totals.receiveBufferFull(KernelDrops.of(channel));
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            totals.listenerError(cause);
        } else {
            LOG.error("{} failed", ctx.channel(), cause);
        }
    }
}
