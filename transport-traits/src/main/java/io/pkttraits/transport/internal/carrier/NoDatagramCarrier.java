// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;

/** Stands in if no carrier for datagrams is available: reads no traits, and refuses to send any, with the reason. */
final class NoDatagramCarrier implements DatagramCarrier {
    private final String why;

    NoDatagramCarrier(String why) {
        this.why = why;
    }

    @Override
    public CarrierType type() {
        return CarrierType.NONE;
    }

    @Override
    public void setReceive(Socket socket, boolean ipv6, boolean on) {
        if (on) {
            Counts.incrementAndLogReason(TraitsCounter.DATAGRAM_NO_CARRIER, socket, why);
        }
    }

    @Override
    public int receiveControlLength(boolean ipv6) {
        return 0;
    }

    @Override
    public int sendControlLength() {
        return 0;
    }

    @Override
    public Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject) {
        return Traits.EMPTY;
    }

    @Override
    public void requireSendable(Traits traits, boolean ipv4) throws TraitsException {
        throw TraitsException.refused(
                type(), TraitsException.NO_KEY, "cannot send traits " + WithoutValues.of(traits) + ": " + why);
    }

    @Override
    public void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs) {
        throw new IllegalStateException(why);
    }
}
