// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.util.NetUtil;
import io.pkttraits.proxy.cli.AddressConverter;
import io.pkttraits.proxy.cli.DurationConverter;
import io.pkttraits.proxy.cli.OneLineErrors;
import io.pkttraits.proxy.cli.PositiveConverter;
import io.pkttraits.proxy.cli.ProgramVersion;
import io.pkttraits.proxy.cli.TargetConverter;
import io.pkttraits.proxy.cli.TransportOptions;
import io.pkttraits.proxy.cli.UnavailableException;
import io.pkttraits.proxy.cli.UnsendableConverter;
import io.pkttraits.proxy.config.ConfigOption;
import io.pkttraits.proxy.config.LiveTraitRules;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program {@code udp-relay}. */
@Command(
        name = "udp-relay",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = "Relays datagrams with their packet traits between clients and an upstream, and back.",
        footer = {
            "",
            "Prints 'listening on HOST:PORT carrier=... transport=...' once it receives.",
            "SIGTERM: ends, prints the totals as one line, exits with 0.",
            "Exit codes: 1 it cannot run here, 2 wrong options."
        })
public final class UdpRelay implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description =
                    "Where to receive from clients, e.g. 127.0.0.1:5300 or [::]:5300; port 0 takes a free one. A"
                            + " wildcard stands for the addresses that the host has at the start, each of which replies for itself.")
    private HostPort listen;

    @Option(
            names = "--upstream",
            required = true,
            paramLabel = "HOST:PORT",
            converter = TargetConverter.class,
            description = "Where datagrams go; a name is looked up once, at the start.")
    private HostPort upstream;

    @Mixin
    private TransportOptions transport;

    @Mixin
    private ConfigOption traits;

    @Option(
            names = "--on-unsendable",
            paramLabel = "fail|drop",
            defaultValue = "fail",
            converter = UnsendableConverter.class,
            description =
                    "What to do with a datagram whose traits the carrier cannot send: not pass it on, or pass it on"
                            + " without them; either is counted. Default: ${DEFAULT-VALUE}")
    private UnsendablePolicy unsendable;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            converter = PositiveConverter.class,
            description = "Event loops; the kernel divides the clients among them. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(
            names = "--max-flows",
            paramLabel = "N",
            defaultValue = "4096",
            converter = PositiveConverter.class,
            description = "Client addresses that are served at the same time, each by a socket of its own; datagrams of"
                    + " further ones are dropped and counted. Default: ${DEFAULT-VALUE}")
    private int maxFlows;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long a flow lives without a datagram either way. Default: ${DEFAULT-VALUE}")
    private Duration idleTimeout;

    @Option(
            names = "--max-datagram",
            paramLabel = "BYTES",
            defaultValue = "65527",
            converter = DatagramSizeConverter.class,
            description =
                    "Largest payload to pass on; larger ones are dropped and counted. Up to 64 datagrams, and 1 MiB of"
                            + " such, are read at once. Default: ${DEFAULT-VALUE}, the largest there is")
    private int maxDatagram;

    @Option(
            names = "--receive-buffer",
            paramLabel = "BYTES",
            defaultValue = "1048576",
            converter = PositiveConverter.class,
            description = "SO_RCVBUF of every socket, as far as net.core.rmem_max allows. Default: ${DEFAULT-VALUE}")
    private int receiveBuffer;

    public static void main(String... args) {
        System.exit(OneLineErrors.run(new UdpRelay(), args));
    }

    @Override
    public Integer call() throws Exception {
        LiveTraitRules rules = traits.rules();
        CarrierType carrier = transport.chooseDatagramCarrier(
                unsendable == UnsendablePolicy.FAIL && !rules.policy().forwardsNothing());
        RelayConfig config = config(rules);
        RelayServer server = start(config);
        if (!DatagramTraits.isAvailable() && carrier != CarrierType.NONE) {
            LOG.warn(
                    "traits of datagrams are not fully available: {}",
                    DatagramTraits.unavailabilityCause().getMessage());
        }
        if (config.listen().getAddress().isAnyLocalAddress()) {
            LOG.info(
                    "{} stands for {}",
                    listen.host(),
                    server.addresses().stream()
                            .map(InetSocketAddress::getAddress)
                            .map(NetUtil::toAddressString)
                            .collect(Collectors.joining(", ")));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(server), "shutdown"));
        HostPort address = new HostPort(
                HostPort.of(config.listen()).host(), server.addresses().get(0).getPort());
        System.out.println("listening on " + address + " carrier=" + carrier + " transport=" + config.transport());
        new CountDownLatch(1).await();
        return 0;
    }

    private RelayConfig config(LiveTraitRules rules) throws UnavailableException, IOException {
        return new RelayConfig(
                listen.resolve("--listen"),
                upstream.resolve("--upstream"),
                transport.transport(),
                threads,
                rules::policy,
                unsendable,
                new RelayConfig.Limits(maxFlows, maxDatagram, receiveBuffer, idleTimeout));
    }

    private RelayServer start(RelayConfig config) throws IOException {
        try {
            return RelayServer.start(config);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    /** A JVM that ends on a signal would exit with 128 and the signal's number, but this is the way to end a relay. */
    private static void shutDown(RelayServer server) {
        server.close();
        System.out.println(server.totals());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
