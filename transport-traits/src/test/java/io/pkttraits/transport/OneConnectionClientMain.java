// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.IpOptionSynCarrier;
import java.net.InetSocketAddress;

/** Connects to HOST PORT with the trait 4 = 0x0102, or with the IPv4 options of a third argument in hexadecimal. */
final class OneConnectionClientMain {
    private OneConnectionClientMain() {}

    public static void main(String[] args) throws Exception {
        ChannelHandler handler = args.length > 2
                ? new RawIpOptions(IpOptionSynCarrier.IP_OPTIONS, ByteBufUtil.decodeHexDump(args[2]))
                : new ConnectTraitsHandler(Traits.EMPTY.with(4, new byte[] {1, 2}));
        TestServer.client(TestTransport.all().get(0), handler)
                .connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])))
                .sync()
                .channel()
                .close()
                .sync();
    }
}
