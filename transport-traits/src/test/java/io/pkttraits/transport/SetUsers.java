// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.UpstreamKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Users of a pool map: of three requests two have a set of their own, and one has a set of 16. The server answers each with the
 * number that its kernel delivered with the connection.
 */
public final class SetUsers {
    private static final int KEY = 4;

    private final TraitsChannelPoolMap map;
    private final TestServer server;
    private final int requests;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> mixedUp = Collections.synchronizedList(new ArrayList<>());

    public SetUsers(TraitsChannelPoolMap map, TestServer server, int requests) {
        this.map = map;
        this.server = server;
        this.requests = requests;
        left = new CountDownLatch(requests);
    }

    /** What answers, for the child handler of {@code server}. */
    public static ChannelInitializer<Channel> answers() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                int delivered = SynTraits.of(channel).getInt(KEY, -1);
                channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
                        ctx.writeAndFlush(ctx.alloc().buffer().writeInt(delivered));
                    }
                });
            }
        };
    }

    /** Begins one chain of requests, each of which begins when the one before is answered. */
    public void start() {
        int number = next.getAndIncrement();
        if (number >= requests) {
            return;
        }
        int value = number % 3 == 0 ? number % 16 : number;
        Traits traits = Traits.builder().putInt(KEY, value).build();
        map.acquire(new UpstreamKey(server.address(), traits)).addListener((Future<Channel> future) -> {
            connections.accumulateAndGet(map.connections(), Math::max);
            if (future.isSuccess()) {
                ask(future.getNow(), value);
            } else {
                done(future.cause().toString());
            }
        });
    }

    private void ask(Channel channel, int value) {
        channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf answer) {
                int seen = answer.readInt();
                ctx.pipeline().remove(this);
                map.release(ctx.channel());
                done(seen == value ? null : "a request of " + value + " on a connection of " + seen);
            }
        });
        channel.writeAndFlush(channel.alloc().buffer().writeByte(0));
    }

    private void done(String wrong) {
        if (wrong != null) {
            mixedUp.add(wrong);
        }
        left.countDown();
        start();
    }

    public void await() throws InterruptedException {
        if (!left.await(500, TimeUnit.SECONDS)) {
            throw new AssertionError(left.getCount() + " requests without an answer, wrong ones: " + mixedUp);
        }
    }

    public List<String> mixedUp() {
        return List.copyOf(mixedUp);
    }

    /** The most that the map had at a time. */
    public int connections() {
        return connections.get();
    }
}
