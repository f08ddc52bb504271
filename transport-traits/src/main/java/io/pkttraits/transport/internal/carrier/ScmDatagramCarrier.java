// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.PktTraitCodec;
import io.pkttraits.codec.TraitStoreCodec;
import io.pkttraits.codec.TraitStoreLayout;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;

/**
 * Carries traits in the control message {@code SCM_PKT_TRAITS} of a kernel with the RFC's API. An array of {@code struct
 * pkt_trait} is sent; the {@link Form} that the probe has seen is received.
 */
final class ScmDatagramCarrier implements DatagramCarrier {
    /** The content of a received {@code SCM_PKT_TRAITS}. Some bytes are valid in both forms, so the probe decides. */
    enum Form {
        /** An array of {@code struct pkt_trait}: the talk's. */
        ARRAY,
        /** The raw trait store in the layout of the first RFC: the development branch's. */
        STORE
    }

    private static final int CONTROL_LENGTH = CmsgHdr.space(Traits.MAX_KEYS * PktTraitCodec.LENGTH);

    private final TraitsNumbers.Udp numbers;
    private final Form form;
    private final SupportedLengths sizes;

    ScmDatagramCarrier(TraitsNumbers.Udp numbers, Form form, SupportedLengths sizes) {
        this.numbers = numbers;
        this.form = form;
        this.sizes = sizes;
    }

    @Override
    public CarrierType type() {
        return CarrierType.KERNEL;
    }

    @Override
    public void setReceive(Socket socket, boolean ipv6, boolean on) throws IOException {
        SocketOption receive = numbers.rcvPktTraits();
        socket.setIntOpt(receive.level(), receive.optname(), on ? 1 : 0);
    }

    @Override
    public int receiveControlLength(boolean ipv6) {
        return CONTROL_LENGTH;
    }

    @Override
    public int sendControlLength() {
        return CONTROL_LENGTH;
    }

    @Override
    public Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject) {
        Traits traits = null;
        while (cmsgs.next()) {
            if (!cmsgs.is(numbers.scmPktTraits().level(), numbers.scmPktTraits().optname())) {
                continue;
            }
            if (traits != null) {
                return Counts.none(TraitsCounter.MALFORMED, subject, null);
            }
            try {
                traits = form == Form.ARRAY
                        ? PktTraitCodec.decode(cmsgs.data())
                        : TraitStoreCodec.decode(cmsgs.data(), TraitStoreLayout.RFC_V1);
            } catch (MalformedTraitsException e) {
                return Counts.none(TraitsCounter.MALFORMED, subject, e);
            }
        }
        if (cmsgs.isMalformed()) {
            return Counts.none(TraitsCounter.MALFORMED, subject, null);
        }
        if (traits == null || traits.isEmpty()) {
            Counts.increment(TraitsCounter.DATAGRAM_ABSENT, subject);
            return Traits.EMPTY;
        }
        Counts.increment(TraitsCounter.DATAGRAM_READ, subject);
        return traits;
    }

    @Override
    public void requireSendable(Traits traits, boolean ipv4) throws TraitsException {
        SockOptSynCarrier.requireFits(type(), traits);
        sizes.require(type(), traits);
    }

    @Override
    public void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs) {
        SocketOption scm = numbers.scmPktTraits();
        PktTraitCodec.encode(traits, cmsgs.add(scm.level(), scm.optname()));
        cmsgs.finish();
    }
}
