// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that ask a proxy before a {@link SoakUpstreamMain} for as long as they are told: {@code CARRIER TRANSPORT PROXY CONNECTIONS SECONDS}.
 * Every second one speaks HTTP/2. Each opens a connection with one of many sets of traits, asks a while on it, and goes on with another. What is
 * answered must be of the request and of the set; what is not is a line {@code lost ...}. The last line is {@code requests=N}.
 */
final class SoakClientsMain {
    private static final int SETS = 48;
    private static final int REQUESTS_OF_CONNECTION = 24;
    private static final int STREAMS = 4;
    private static final long ANSWER_SECONDS = 60;
    private static final int MAX_LINES = 20;

    private final IoTransport transport;
    private final InetSocketAddress proxy;
    private final EventLoopGroup group;
    private final LongAdder requests = new LongAdder();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    private SoakClientsMain(IoTransport transport, InetSocketAddress proxy) {
        this.transport = transport;
        this.proxy = proxy;
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("io.pkttraits.carrier", args[0]);
        SoakClientsMain clients = new SoakClientsMain(
                IoTransport.parse(args[1]), HostPort.parse(args[2]).resolve());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[4]));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            int number = i;
            threads.add(new Thread(() -> clients.run(number, end)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        clients.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        clients.lost.stream().limit(MAX_LINES).forEach(System.out::println);
        System.out.println("requests=" + clients.requests.sum());
    }

    private void run(int number, long end) {
        Random random = new Random(number);
        for (int connection = 0; System.nanoTime() < end; connection++) {
            Traits traits =
                    Traits.builder().putInt(4, random.nextInt(SETS)).putFlag(9).build();
            String path = "/" + number + "/" + connection;
            try (TraitsClient client = number % 2 == 0
                    ? new Http1TraitsClient(group, transport, proxy, traits)
                    : new Http2TraitsClient(group, transport, proxy, traits)) {
                int streams = number % 2 == 0 ? 1 : STREAMS;
                for (int i = 0; i < REQUESTS_OF_CONNECTION; i += streams) {
                    ask(client, traits, path + "/" + i, streams);
                }
            } catch (Exception e) {
                lost.add("lost " + path + " " + traits + ": " + e);
            }
        }
    }

    private void ask(TraitsClient client, Traits traits, String path, int streams) throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            answers.add(client.get(path + "." + i));
            requests.increment();
        }
        for (int i = 0; i < streams; i++) {
            String answer = answers.get(i).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (!answer.startsWith("200 ") || !answer.endsWith(" " + traits + " " + path + "." + i)) {
                lost.add("lost " + path + "." + i + " " + traits + ": answered " + answer);
            }
        }
    }
}
