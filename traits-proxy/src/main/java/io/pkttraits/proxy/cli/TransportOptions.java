// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.PeerNetworks;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that choose transport and carrier: for the proxy and for the demo's programs. The carrier is chosen once per process,
 * so {@link #chooseCarrier} has to run before anything else of {@code io.pkttraits.transport}.
 */
public final class TransportOptions {
    private static final String AUTO = "auto";
    private static final String CARRIER = "io.pkttraits.carrier";
    private static final String TRUST = "io.pkttraits.trust";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--transport",
            paramLabel = "auto|epoll|io_uring",
            defaultValue = AUTO,
            converter = TransportName.class,
            description =
                    "Netty transport of both sides. auto is epoll, which every Linux has and containers rarely forbid;"
                            + " io_uring where there is no epoll. Default: ${DEFAULT-VALUE}")
    private String transport;

    @Option(
            names = "--carrier",
            paramLabel = "auto|kernel|bpf|ip-option|none",
            converter = CarrierName.class,
            description =
                    "How traits get to and from packets. auto takes the first of kernel, bpf and ip-option that works"
                            + " here, else none. Default: what -Dio.pkttraits.carrier says, else auto")
    private String carrier;

    @Option(
            names = "--trust",
            paramLabel = "CIDR,...",
            description =
                    "Networks whose traits are accepted beside loopback's, with the carrier ip-option. Default: what"
                            + " -Dio.pkttraits.trust says, else none")
    private String trust;

    /** The transport; throws {@link UnavailableException} if this machine has none such. */
    public IoTransport transport() throws UnavailableException {
        if (transport.equals(AUTO)) {
            IoTransport best =
                    IoTransport.EPOLL.unavailabilityCause() == null ? IoTransport.EPOLL : IoTransport.IO_URING;
            return available(best);
        }
        return available(IoTransport.parse(transport));
    }

    /**
     * Chooses the carrier of this process; throws {@link UnavailableException} if one was asked for by name and is not there.
     * With {@code auto} it may turn out to be {@link CarrierType#NONE}.
     *
     * @param mustSend whether a carrier that can only read is not enough
     */
    public CarrierType chooseCarrier(boolean mustSend) throws UnavailableException {
        return chooseCarrier(mustSend, false);
    }

    /**
     * Chooses the carrier, and fails if it cannot do what is needed.
     *
     * @param datagrams whether datagrams are received as well, of which {@code --trust} is true with every carrier
     */
    public CarrierType chooseCarrier(boolean mustSend, boolean datagrams) throws UnavailableException {
        setProperties();
        if (!(mustSend ? PacketTraits.isAvailable() : PacketTraits.isReceiveAvailable())) {
            refuseIfNamed(PacketTraits.unavailabilityCause());
        }
        CarrierType chosen = PacketTraits.carrier();
        if (trust != null && chosen == CarrierType.BPF && !datagrams) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--trust has no effect on the carrier bpf: say it to 'traits-bpf up' or 'traits-bpf exec'");
        }
        return chosen;
    }

    /**
     * The same for datagrams, whose traits the carrier {@code ip-option} brings where connections have those of {@code bpf}; so
     * {@code --trust} is of use with both.
     */
    public CarrierType chooseDatagramCarrier(boolean mustSend) throws UnavailableException {
        setProperties();
        CarrierType chosen = DatagramTraits.carrier();
        if (chosen == CarrierType.NONE || (mustSend && !DatagramTraits.isAvailable())) {
            refuseIfNamed(DatagramTraits.unavailabilityCause());
        }
        return chosen;
    }

    private void setProperties() {
        if (carrier != null) {
            System.setProperty(CARRIER, carrier);
        }
        if (trust != null) {
            try {
                PeerNetworks.loopbackAnd(trust);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
            System.setProperty(TRUST, trust);
        }
        if (PacketTraits.unavailabilityCause() instanceof IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private static void refuseIfNamed(Throwable unavailability) throws UnavailableException {
        String wish = System.getProperty(CARRIER, AUTO);
        if (!wish.equals(AUTO) && !wish.equals(CarrierType.NONE.id())) {
            String why = String.valueOf(unavailability.getMessage());
            throw new UnavailableException(why.startsWith("carrier ") ? why : "carrier " + wish + ": " + why);
        }
    }

    /** The options that make another process choose likewise; {@code chosen} is the carrier that this one has. */
    public List<String> arguments(CarrierType chosen) {
        List<String> arguments = new ArrayList<>(List.of("--transport", transport, "--carrier", chosen.id()));
        if (trust != null) {
            arguments.addAll(List.of("--trust", trust));
        }
        return arguments;
    }

    private static IoTransport available(IoTransport transport) throws UnavailableException {
        Throwable cause = transport.unavailabilityCause();
        if (cause != null) {
            throw new UnavailableException("transport " + transport + " is not available: " + rootOf(cause));
        }
        return transport;
    }

    private static String rootOf(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    static final class TransportName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            if (name.equals(AUTO)) {
                return name;
            }
            try {
                return IoTransport.parse(name).toString();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class CarrierName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            if (name.equals(AUTO)) {
                return name;
            }
            for (CarrierType type : CarrierType.values()) {
                if (type.id().equals(name)) {
                    return name;
                }
            }
            throw new TypeConversionException(
                    "'" + name + "' is not a carrier (expected: auto, kernel, bpf, ip-option or none)");
        }
    }
}
