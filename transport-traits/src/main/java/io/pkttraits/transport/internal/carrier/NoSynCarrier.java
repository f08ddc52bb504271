// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetSocketAddress;

/** Stands in if no carrier for connections is available: reads no traits, and refuses to send any, with the reason. */
final class NoSynCarrier implements SynCarrier {
    private final String why;

    NoSynCarrier(String why) {
        this.why = why;
    }

    @Override
    public CarrierType type() {
        return CarrierType.NONE;
    }

    @Override
    public SocketOption saveOption() {
        return null;
    }

    @Override
    public Traits readSyn(Socket accepted, Object subject) {
        return Traits.EMPTY;
    }

    @Override
    public void prepareConnect(Socket socket, InetSocketAddress remote, Traits traits) throws TraitsException {
        throw TraitsException.refused(
                type(), TraitsException.NO_KEY, "cannot send traits " + WithoutValues.of(traits) + ": " + why);
    }

    @Override
    public void connected(Socket socket, InetSocketAddress remote) {
        // Nothing was set.
    }
}
