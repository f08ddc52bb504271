// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.util.internal.SystemPropertyUtil;

/**
 * What carries the traits of datagrams in this process. {@code kernel} where it works; otherwise the IP option, which
 * serves the carrier {@code bpf} too.
 *
 * @param carrier a {@link NoDatagramCarrier} where nothing does
 * @param unavailability why traits cannot be read and sent, or {@code null}
 */
record DatagramCarrierChoice(DatagramCarrier carrier, Throwable unavailability) {
    static DatagramCarrierChoice detect() {
        String noChannels = Netty42.unavailability();
        if (noChannels != null) {
            return none(noChannels);
        }
        if (PacketTraits.carrier() == CarrierType.NONE) {
            return none(PacketTraits.unavailabilityCause().getMessage());
        }
        String noLibrary = DatagramSyscalls.unavailability();
        if (noLibrary != null) {
            return none(noLibrary);
        }
        CarrierType wish = CarrierType.ofId(
                SystemPropertyUtil.get(CarrierChoice.PROPERTY, "").trim());
        if (wish == null || wish == CarrierType.KERNEL) {
            ScmNumbers numbers;
            try {
                numbers = ScmNumbers.kernel();
            } catch (IllegalArgumentException e) {
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
                new IpOptionDatagramCarrier(
                        PeerNetworks.loopbackAnd(SystemPropertyUtil.get(PeerNetworks.PROPERTY, ""))),
                noSend == null ? null : new UnsupportedOperationException(noSend));
    }

    private static DatagramCarrierChoice none(String why) {
        return new DatagramCarrierChoice(new NoDatagramCarrier(why), new UnsupportedOperationException(why));
    }
}
