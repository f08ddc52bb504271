// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.internal.SystemPropertyUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;

/**
 * The carrier that this process uses for datagrams: {@code kernel} if it works, otherwise the IP option, also if TCP
 * connections use {@code bpf}.
 *
 * @param carrier a {@link NoDatagramCarrier} if no carrier is available
 * @param unavailability why traits cannot be read and sent, or {@code null}
 */
public record DatagramCarrierChoice(DatagramCarrier carrier, Throwable unavailability) {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(PacketTraits.class);

    /** Returns the choice, which is made at the first call. */
    public static DatagramCarrierChoice current() {
        return Current.CHOICE;
    }

    private static final class Current {
        static final DatagramCarrierChoice CHOICE = find();

        private static DatagramCarrierChoice find() {
            DatagramCarrierChoice choice = detect();
            Throwable missing = choice.unavailability;
            logger.info(
                    "Packet traits of datagrams: carrier {}{}",
                    choice.carrier.type(),
                    missing == null ? "" : " (" + missing.getMessage() + ")");
            return choice;
        }
    }

    private static DatagramCarrierChoice detect() {
        try {
            return best();
        } catch (RuntimeException | LinkageError e) {
            // Thrown from here, it would fail every channel from now on with an error that does not name the cause.
            return none("looking for a carrier failed: " + e);
        }
    }

    private static DatagramCarrierChoice best() {
        String noChannels = Netty42.unavailability();
        if (noChannels != null) {
            return none(noChannels);
        }
        if (CarrierChoice.current().carrier().type() == CarrierType.NONE) {
            return none(CarrierChoice.current().unavailability().getMessage());
        }
        String noLibrary = DatagramSyscalls.unavailability();
        if (noLibrary != null) {
            return none(noLibrary);
        }
        CarrierType wish = CarrierType.ofId(
                SystemPropertyUtil.get(TraitsProperties.CARRIER, "").trim());
        if (wish == null || wish == CarrierType.KERNEL) {
            TraitsNumbers.Udp numbers;
            try {
                numbers = TraitsNumbers.Udp.kernel();
            } catch (IllegalArgumentException e) {
                TraitsProperties.warn(e.getMessage());
                return none(e.getMessage());
            }
            DatagramProbe.Result kernel = DatagramProbe.kernel(numbers);
            if (kernel.carrier() != null) {
                return new DatagramCarrierChoice(kernel.carrier(), null);
            }
            if (wish == CarrierType.KERNEL) {
                return none("carrier kernel: " + kernel.reason());
            }
        }
        String noSend = CarrierProbe.ipOptionSend();
        return new DatagramCarrierChoice(
                new IpOptionDatagramCarrier(CarrierChoice.trust()),
                noSend == null ? null : new UnsupportedOperationException(noSend));
    }

    private static DatagramCarrierChoice none(String why) {
        return new DatagramCarrierChoice(new NoDatagramCarrier(why), new UnsupportedOperationException(why));
    }
}
