// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.sys.SocketOption;

/** Channel options for packet traits that Netty's own channels accept. */
public final class TraitsChannelOption {
    /**
     * On a listener: 1 saves the traits of each connection's SYN, for {@link SynTraits#of}; 0 does not. Set it with {@code
     * ServerBootstrap.option}. With {@code childOption} it comes too late and saves nothing; {@link
     * TraitsCounter#SAVE_OPTION_MISPLACED} counts that when the traits of such a connection are asked for.
     *
     * <p>Epoll and io_uring channels of Netty 4.2 and epoll channels of 4.1 pass the option to the kernel under the carrier's
     * number. If the process has no carrier, and on channels that accept no numbers (NIO, the incubator's io_uring), the option is
     * unknown to the channel: Netty logs that at {@code WARN} and continues. {@link SynTraitsHandler} needs no option.
     *
     * <p>If the kernel refuses the option, because the BPF programs were removed after {@link PacketTraits} found them, Netty 4.2
     * fails the bind unless {@code -Dio.netty.bootstrap.closeOnSetOptionFailure=false} is set; {@link SynTraitsHandler} never fails
     * a bind. The carriers {@code kernel} and {@code bpf} refuse values other than 0 and 1; with {@code ip-option} use no other
     * values either.
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
