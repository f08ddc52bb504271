// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetSocketAddress;

/**
 * A client with a carrier of its own: {@code CARRIER TRANSPORT PROXY TRAITS}, the traits as in a field {@code Packet-Traits}. Asks once for
 * {@code /set} on a connection with these traits, and prints status code and content.
 */
final class TraitsRequestMain {
    private TraitsRequestMain() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("io.pkttraits.carrier", args[0]);
        IoTransport transport = IoTransport.parse(args[1]);
        InetSocketAddress proxy = HostPort.parse(args[2]).resolve();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (TraitsClient client = new Http1TraitsClient(group, transport, proxy, TraitFieldCodec.decode(args[3]))) {
            System.out.println(client.get("/set").get().strip());
        }
        System.exit(0);
    }
}
