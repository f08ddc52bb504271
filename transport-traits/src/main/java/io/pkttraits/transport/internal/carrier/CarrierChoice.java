// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.internal.SystemPropertyUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.PeerNetworks;
import java.util.function.Supplier;

/**
 * The carrier that this process uses for TCP connections, and what it cannot do.
 *
 * @param carrier reads and sends traits; a {@link NoSynCarrier} if no carrier is available
 * @param receiveUnavailability why traits cannot be read, or {@code null}
 * @param unavailability why traits cannot be read and sent, or {@code null}
 */
public record CarrierChoice(SynCarrier carrier, Throwable receiveUnavailability, Throwable unavailability) {
    /** Bears a name that users know, so that they can switch it off. */
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(PacketTraits.class);

    private static final String AUTO = "auto";

    /** Returns the choice, which is made at the first call. */
    public static CarrierChoice current() {
        return Current.CHOICE;
    }

    private static final class Current {
        static final CarrierChoice CHOICE = find();

        private static CarrierChoice find() {
            TraitsProperties.warnOfUnknown();
            CarrierChoice choice = detect();
            Throwable missing = choice.unavailability;
            if (missing instanceof IllegalArgumentException) {
                TraitsProperties.warn(missing.getMessage());
            }
            logger.info(
                    "Packet traits of TCP connections: carrier {}{}",
                    choice.carrier.type(),
                    missing == null ? "" : " (" + missing.getMessage() + ")");
            return choice;
        }
    }

    static CarrierChoice detect() {
        String wish = SystemPropertyUtil.get(TraitsProperties.CARRIER, AUTO).trim();
        CarrierType type = CarrierType.ofId(wish);
        try {
            if (type == null && !wish.equals(AUTO)) {
                throw new IllegalArgumentException("-D" + TraitsProperties.CARRIER + "=" + wish
                        + " is none of auto, kernel, bpf, ip-option, none");
            }
            if (type == CarrierType.NONE) {
                return none(
                        new UnsupportedOperationException("switched off by -D" + TraitsProperties.CARRIER + "=none"));
            }
            PeerNetworks trust = trust();
            TraitsNumbers.Tcp kernel = TraitsNumbers.Tcp.kernel();
            String noNative = NativeTransport.load();
            if (noNative != null) {
                return none(new UnsupportedOperationException(noNative));
            }
            return type == null ? best(kernel, trust) : only(type, kernel, trust);
        } catch (IllegalArgumentException e) {
            // A property is wrong. Another carrier than the configured one would be worse than no traits.
            return none(e);
        } catch (RuntimeException | LinkageError e) {
            // Thrown from here, it would fail every accept from now on.
            return none(new UnsupportedOperationException("looking for a carrier failed: " + e, e));
        }
    }

    /** The networks whose IP options are read. */
    static PeerNetworks trust() {
        String networks = SystemPropertyUtil.get(TraitsProperties.TRUST, "");
        try {
            return PeerNetworks.loopbackAnd(networks);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "-D" + TraitsProperties.TRUST + "=" + networks + ": " + e.getMessage(), e);
        }
    }

    private static CarrierChoice best(TraitsNumbers.Tcp kernel, PeerNetworks trust) {
        String noKernel = CarrierProbe.kernel(kernel);
        if (noKernel == null) {
            return full(kernel(kernel));
        }
        String noBpf = CarrierProbe.bpf();
        if (noBpf == null) {
            return full(bpf());
        }
        CarrierChoice last = ipOption(trust);
        return last.unavailability == null
                ? last
                : new CarrierChoice(
                        last.carrier,
                        last.receiveUnavailability,
                        new UnsupportedOperationException("carrier kernel: " + noKernel + ". Carrier bpf: " + noBpf
                                + ". Carrier ip-option: " + last.unavailability.getMessage()));
    }

    private static CarrierChoice only(CarrierType type, TraitsNumbers.Tcp kernel, PeerNetworks trust) {
        return switch (type) {
            case KERNEL -> fullUnless(CarrierProbe.kernel(kernel), type, () -> kernel(kernel));
            case BPF -> fullUnless(CarrierProbe.bpf(), type, CarrierChoice::bpf);
            default -> ipOption(trust);
        };
    }

    private static CarrierChoice ipOption(PeerNetworks trust) {
        String noReceive = CarrierProbe.ipOptionReceive();
        if (noReceive != null) {
            return none(new UnsupportedOperationException(noReceive));
        }
        String noSend = CarrierProbe.ipOptionSend();
        return new CarrierChoice(
                new IpOptionSynCarrier(trust), null, noSend == null ? null : new UnsupportedOperationException(noSend));
    }

    private static SynCarrier kernel(TraitsNumbers.Tcp numbers) {
        return new SockOptSynCarrier(numbers, CarrierProbe.valueSizes(numbers));
    }

    private static SynCarrier bpf() {
        return new SockOptSynCarrier(TraitsNumbers.BPF, SupportedLengths.ALL);
    }

    private static CarrierChoice fullUnless(String reason, CarrierType type, Supplier<SynCarrier> carrier) {
        return reason == null
                ? full(carrier.get())
                : none(new UnsupportedOperationException("carrier " + type + ": " + reason));
    }

    private static CarrierChoice full(SynCarrier carrier) {
        return new CarrierChoice(carrier, null, null);
    }

    private static CarrierChoice none(RuntimeException cause) {
        return new CarrierChoice(new NoSynCarrier(cause.getMessage()), cause, cause);
    }
}
