// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.sys.SocketOption;

/** Channel options for packet traits, as stock channels take them. */
public final class TraitsChannelOption {
    /**
     * On a server channel: 1 keeps the SYN's traits of each connection, for {@link SynTraits#of}; 0 does not.
     *
     * <p>Epoll and io_uring channels of Netty 4.2 and epoll channels of 4.1 pass it to the kernel under the carrier's
     * number. Where nothing carries traits, and on channels that take no numbers (NIO, the incubator's io_uring), it is
     * an option that the channel does not know: Netty logs that at {@code WARN} and goes on. {@link SynTraitsHandler}
     * needs no option.
     *
     * <p>If the kernel refuses it, because the BPF polyfill was taken away since {@link PacketTraits} found it, Netty 4.2
     * fails the bind unless {@code -Dio.netty.bootstrap.closeOnSetOptionFailure=false}; {@link SynTraitsHandler} never
     * does. Values other than 0 and 1 are refused by the carriers {@code kernel} and {@code bpf}, and make no sense with
     * {@code ip-option}.
     */
    public static final ChannelOption<Integer> TCP_SAVE_SYN_TRAITS = saveSynTraits();

    private static final String NAME = "TCP_SAVE_SYN_TRAITS";

    private TraitsChannelOption() {}

    private static ChannelOption<Integer> saveSynTraits() {
        SocketOption save = CarrierChoice.current().carrier().saveOption();
        return save == null
                ? ChannelOption.valueOf(TraitsChannelOption.class, NAME)
                : new IntegerUnixChannelOption(NAME, save.level(), save.optname());
    }
}
