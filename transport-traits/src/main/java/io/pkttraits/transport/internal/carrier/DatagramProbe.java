// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.PktTraitCodec;
import io.pkttraits.codec.TraitStoreCodec;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out whether this kernel carries {@code SCM_PKT_TRAITS}: sends a datagram with a trait over loopback to the
 * socket that sends it. No other socket is used.
 */
final class DatagramProbe {
    /** The sample's two forms differ in length, so the length tells which one was received. */
    private static final int STORE_LENGTH = TraitStoreCodec.encodedLength(CarrierProbe.SAMPLE);

    private static final int ATTEMPTS = 200;

    private DatagramProbe() {}

    /**
     * The result of the probe.
     *
     * @param carrier {@code null} if there is none
     * @param reason why there is none, or {@code null}
     */
    record Result(DatagramCarrier carrier, String reason) {}

    static Result kernel(TraitsNumbers.Udp numbers) {
        try {
            return ProbeSocket.use(Socket.newSocketDgram(), socket -> sendToSelf(socket, numbers));
        } catch (IOException | ChannelException e) {
            return none("this kernel does not take SO_RCV_PKT_TRAITS: " + e.getMessage());
        }
    }

    private static Result none(String reason) {
        return new Result(null, reason + CarrierProbe.NEEDS_RFC_KERNEL);
    }

    private static Result sendToSelf(Socket socket, TraitsNumbers.Udp numbers) throws IOException {
        socket.bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0));
        socket.connect(socket.localAddress());
        SocketOption receive = numbers.rcvPktTraits();
        SocketOption scm = numbers.scmPktTraits();
        socket.setIntOpt(receive.level(), receive.optname(), 1);
        MessageBatch batch = new MessageBatch(1, 1, CmsgHdr.space(Traits.MAX_KEYS * PktTraitCodec.LENGTH));
        int sent = send(socket, numbers, CarrierProbe.SAMPLE, batch);
        if (sent != 1) {
            return none("this kernel refuses a control message SCM_PKT_TRAITS (SOL_SOCKET, " + scm.optname()
                    + "), errno " + -sent);
        }
        if (!receive(socket, batch)) {
            return new Result(null, "the datagram sent to probe SCM_PKT_TRAITS did not arrive over loopback");
        }
        CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator()
                .begin(batch.memory(), batch.controlAt(0), batch.controlCapacity(), batch.controlLength(0));
        while (cmsgs.next()) {
            if (cmsgs.is(scm.level(), scm.optname())) {
                return judge(socket, numbers, batch, cmsgs);
            }
        }
        return none("this kernel delivers a datagram without the SCM_PKT_TRAITS it was sent with");
    }

    private static int send(Socket socket, TraitsNumbers.Udp numbers, Traits traits, MessageBatch batch) {
        CmsgHdr.Encoder cmsgs =
                new CmsgHdr.Encoder().begin(batch.memory(), batch.controlAt(0), batch.controlCapacity());
        new ScmDatagramCarrier(numbers, ScmDatagramCarrier.Form.ARRAY, SupportedLengths.ALL).write(traits, true, cmsgs);
        batch.prepare(0, 0, 0, 0, cmsgs.length());
        return DatagramSyscalls.sendmmsg(socket.intValue(), batch.address(0), 1);
    }

    private static boolean receive(Socket socket, MessageBatch batch) {
        for (int i = 0; i < ATTEMPTS; i++) {
            batch.prepare(0, 0, 0, 0, batch.controlCapacity());
            int received = DatagramSyscalls.recvmmsg(socket.intValue(), batch.address(0), 1);
            if (received != Errors.ERRNO_EAGAIN_NEGATIVE) {
                return received == 1;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return false;
    }

    private static Result judge(Socket socket, TraitsNumbers.Udp numbers, MessageBatch batch, CmsgHdr.Iterator cmsgs) {
        ScmDatagramCarrier.Form form =
                cmsgs.dataLength() == STORE_LENGTH ? ScmDatagramCarrier.Form.STORE : ScmDatagramCarrier.Form.ARRAY;
        cmsgs.rewind();
        if (!new ScmDatagramCarrier(numbers, form, SupportedLengths.ALL)
                .read(batch, 0, cmsgs, "probe")
                .equals(CarrierProbe.SAMPLE)) {
            return none("this kernel delivers another SCM_PKT_TRAITS than it was sent");
        }
        SupportedLengths sizes = new SupportedLengths(
                length -> send(socket, numbers, Traits.EMPTY.with(0, new byte[length]), batch) == 1);
        return new Result(new ScmDatagramCarrier(numbers, form, sizes), null);
    }
}
