// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.UnsendablePolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Sends 100 datagrams by each policy, every other one with traits. Arguments: transport, family. */
final class NoNetRawDatagramsMain {
    private static final int COUNT = 100;
    private static final Traits TRAITS = Traits.EMPTY.withFlag(9);

    private NoNetRawDatagramsMain() {}

    public static void main(String[] args) throws Exception {
        System.out.println("available=" + DatagramTraits.isAvailable());
        for (UnsendablePolicy policy : UnsendablePolicy.values()) {
            try (DatagramFixture fixture =
                    new DatagramFixture(DatagramTransport.valueOf(args[0]), DatagramFamily.valueOf(args[1]))) {
                run(fixture, policy);
            }
        }
    }

    private static void run(DatagramFixture fixture, UnsendablePolicy policy) throws Exception {
        DatagramInbox inbox = new DatagramInbox();
        DatagramChannel channel = fixture.bind(
                inbox, bootstrap -> bootstrap.option(TraitsDatagramChannelOption.UNSENDABLE_POLICY, policy));
        InetSocketAddress to = fixture.to(channel);
        long refused = TraitsCounter.DATAGRAM_REFUSED.get();
        long dropped = TraitsCounter.DATAGRAM_DROPPED.get();
        List<ChannelFuture> written = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            Traits traits = i % 2 == 0 ? TRAITS : Traits.EMPTY;
            written.add(channel.write(new TraitsDatagramPacket(DatagramFixture.text("" + i), to, traits)));
        }
        channel.flush();
        List<Integer> sent = new ArrayList<>();
        Throwable cause = null;
        for (int i = 0; i < COUNT; i++) {
            if (written.get(i).await().isSuccess()) {
                sent.add(i);
            } else {
                cause = written.get(i).cause();
            }
        }
        System.out.println(policy + " failed=" + (COUNT - sent.size())
                + " refused=" + (TraitsCounter.DATAGRAM_REFUSED.get() - refused)
                + " dropped=" + (TraitsCounter.DATAGRAM_DROPPED.get() - dropped)
                + " sent=" + TraitsCounter.DATAGRAM_SENT.get());
        if (cause != null) {
            System.out.println(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }
        List<Integer> arrived = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            DatagramPacket packet = inbox.next();
            if (!((TraitsDatagramPacket) packet).traits().isEmpty()) {
                throw new AssertionError("traits came: " + packet);
            }
            arrived.add(Integer.valueOf(packet.content().toString(StandardCharsets.US_ASCII)));
            packet.release();
        }
        boolean ordered = arrived.equals(sent);
        Collections.sort(arrived);
        if (!arrived.equals(sent)) {
            throw new AssertionError("sent " + sent + ", but " + arrived + " came");
        }
        System.out.println(
                policy + " arrived=" + sent.size() + (ordered ? " in order" : " out of order") + ", without traits");
    }
}
