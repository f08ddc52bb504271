// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.netty.util.AttributeKey;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;

/**
 * Counts why the kernel has no traits for an accepted connection. It answers the same whether the SYN had none or the listener did
 * not ask for them, so the listener is asked whether it saves.
 */
final class AbsentSyn {
    /** On a listener that was seen to save, so that connections without traits cost no further system call. */
    private static final AttributeKey<Boolean> SAVES = AttributeKey.valueOf(AbsentSyn.class, "SAVES");

    private AbsentSyn() {}

    /**
     * Counts one connection.
     *
     * @param save the option that makes a listener save
     * @param subject the accepted channel; anything else is taken for one whose listener saves
     * @param ifSaved the counter if the listener saves: {@code SYN_ABSENT} or {@code SYN_NOT_KEPT}
     */
    static void count(SocketOption save, Socket accepted, Object subject, TraitsCounter ifSaved) {
        if (!(subject instanceof Channel channel) || saves(channel.parent(), save)) {
            if (ifSaved == TraitsCounter.SYN_ABSENT) {
                Counts.increment(ifSaved, subject); // As usual as connections with traits.
            } else {
                Counts.incrementAndLogFirst(ifSaved, subject, null);
            }
        } else if (isOn(accepted, save)) {
            // An accepted socket inherits the option from its listener, which does not have it.
            Counts.incrementAndLogFirst(TraitsCounter.SAVE_OPTION_MISPLACED, subject, null);
        } else {
            Counts.incrementAndLogFirst(TraitsCounter.SYN_NOT_SAVED, subject, null);
        }
    }

    private static boolean saves(Channel listener, SocketOption save) {
        if (listener == null || listener.hasAttr(SAVES)) {
            return true;
        }
        Socket socket = TraitsSocket.of(listener);
        // A closed listener's descriptor may belong to another socket by now.
        if (socket == null || !listener.isOpen()) {
            return true;
        }
        boolean on = isOn(socket, save);
        if (on) {
            listener.attr(SAVES).set(true);
        }
        return on;
    }

    private static boolean isOn(Socket socket, SocketOption save) {
        try {
            return socket.getIntOpt(save.level(), save.optname()) != 0;
        } catch (IOException | ChannelException e) {
            return false;
        }
    }
}
