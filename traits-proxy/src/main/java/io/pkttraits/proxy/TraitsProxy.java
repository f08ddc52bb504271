// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.proxy.cli.AddressConverter;
import io.pkttraits.proxy.cli.AdminOptions;
import io.pkttraits.proxy.cli.DurationConverter;
import io.pkttraits.proxy.cli.LimitOptions;
import io.pkttraits.proxy.cli.OneLineErrors;
import io.pkttraits.proxy.cli.PositiveConverter;
import io.pkttraits.proxy.cli.ProgramVersion;
import io.pkttraits.proxy.cli.RegistryCheck;
import io.pkttraits.proxy.cli.TargetConverter;
import io.pkttraits.proxy.cli.TlsOptions;
import io.pkttraits.proxy.cli.TransportOptions;
import io.pkttraits.proxy.cli.UnavailableException;
import io.pkttraits.proxy.cli.UnsendableConverter;
import io.pkttraits.proxy.config.ConfigOption;
import io.pkttraits.proxy.config.LiveTraitRules;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.hop.HopConfig;
import io.pkttraits.proxy.hop.HopOptions;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.ServerTls;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code traits-proxy}. */
@Command(
        name = "traits-proxy",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        sortOptions = false,
        description = {
            "HTTP reverse proxy that passes the packet traits of its clients' SYNs, or of the datagrams that opened their QUIC"
                    + " connections, on to its upstream.",
            "Clients may speak HTTP/1.1 or HTTP/2, and either in TLS with --tls, all on one port, and HTTP/3 on another; the"
                    + " upstream speaks HTTP/1.1 or HTTP/2."
        },
        footer = {
            "",
            "Prints 'listening on HOST:PORT carrier=... transport=...' once it accepts connections, then one line per request.",
            "With --listen-h3 'h3=HOST:PORT' stands at that line's end; HOST:PORT before is HTTP/3's too where there is no other."
                    + " With --admin 'admin=HOST:PORT' comes last.",
            "SIGTERM: accepts no more, finishes requests in flight, exits with 0.",
            "Exit codes: 1 it cannot run here, 2 wrong options.",
            "",
            "traits-proxy check FILE|DIR... says what is wrong with a file for --registry."
        })
public final class TraitsProxy implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TraitsProxy.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description = "Where to accept clients by TCP, e.g. 127.0.0.1:8080 or [::]:8080; port 0 takes a free one.")
    private HostPort listen;

    @Option(
            names = "--listen-h3",
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description =
                    "Where to accept clients of HTTP/3, by UDP, beside or instead of --listen. The certificate is that of"
                            + " --tls. Responses on the TCP port name it in Alt-Svc, if they are in TLS.")
    private HostPort listenH3;

    @Option(
            names = "--upstream",
            required = true,
            paramLabel = "HOST:PORT",
            converter = TargetConverter.class,
            description = "Where requests go; a name is looked up once, at the start.")
    private HostPort upstream;

    @Option(
            names = "--upstream-protocol",
            paramLabel = "h1|h2c",
            defaultValue = "h1",
            converter = UpstreamProtocol.Converter.class,
            description =
                    "HTTP/1.1, or HTTP/2 without TLS by prior knowledge: many requests at a time on a connection, whose SYN has"
                            + " the traits of all of them. Default: ${DEFAULT-VALUE}")
    private UpstreamProtocol upstreamProtocol;

    @Mixin
    private TlsOptions tls;

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
                    "What to do with a request whose traits the carrier cannot send: answer 502, or go on without them."
                            + " Default: ${DEFAULT-VALUE}")
    private UnsendablePolicy unsendable;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Event loops; each has its own upstream connections. Default: one per processor")
    private Integer threads;

    @Mixin
    private HopOptions hops;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private AdminOptions admin;

    @Option(
            names = "--shutdown-grace",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long requests in flight may go on after SIGTERM. Default: ${DEFAULT-VALUE}")
    private Duration grace;

    public static void main(String... args) {
        boolean isCheck = args.length > 0 && args[0].equals(RegistryCheck.NAME);
        System.exit(
                isCheck
                        ? OneLineErrors.run(new RegistryCheck(), Arrays.copyOfRange(args, 1, args.length))
                        : OneLineErrors.run(new TraitsProxy(), args));
    }

    @Override
    public Integer call() throws Exception {
        if (listen == null && listenH3 == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing option: '--listen=HOST:PORT' or '--listen-h3=HOST:PORT'");
        }
        LiveTraitRules rules = traits.rules();
        HopConfig hopConfig = hops.toConfig();
        boolean mustSend =
                unsendable == UnsendablePolicy.FAIL && !rules.policy().forwardsNothing() && hopConfig.isSynSent();
        CarrierType carrier = transport.chooseCarrier(mustSend, listenH3 != null);
        ProxyServer server = start(rules, hopConfig);
        if (!PacketTraits.isAvailable() && carrier != CarrierType.NONE) {
            LOG.warn(
                    "packet traits are not fully available: {}",
                    PacketTraits.unavailabilityCause().getMessage());
        }
        if (listenH3 != null && DatagramTraits.carrier() == CarrierType.NONE && carrier != CarrierType.NONE) {
            LOG.warn(
                    "traits of QUIC's datagrams are not available: {}",
                    DatagramTraits.unavailabilityCause().getMessage());
        }
        String adminAt = admin.start(server.transport(), server::admin);
        Thread shutdown = new Thread(() -> shutDown(server), "shutdown");
        Runtime.getRuntime().addShutdownHook(shutdown);
        System.out.println("listening on "
                + HostPort.of(listen == null ? server.addressH3() : server.address())
                + " carrier=" + carrier
                + " transport=" + server.transport()
                + (listenH3 == null ? "" : " h3=" + HostPort.of(server.addressH3()))
                + adminAt);
        new CountDownLatch(1).await();
        return 0;
    }

    private ProxyServer start(LiveTraitRules rules, HopConfig hopConfig) throws UnavailableException, IOException {
        ServerTls serverTls = tls.isOn() || listenH3 != null ? tls.toServerTls() : null;
        ProxyConfig config = new ProxyConfig(
                listen == null ? null : listen.resolve("--listen"),
                listenH3 == null ? null : listenH3.resolve("--listen-h3"),
                upstream.resolve("--upstream"),
                upstreamProtocol,
                tls.isOn() ? serverTls.tcp() : null,
                listenH3 == null ? null : serverTls.quic(),
                transport.transport(),
                threads == null ? Runtime.getRuntime().availableProcessors() : threads,
                rules,
                unsendable,
                admin.accessLogFormat(),
                limits.toLimits(),
                hopConfig);
        try {
            return ProxyServer.start(config);
        } catch (IOException e) {
            String where = listen == null ? "" + listenH3 : listen + (listenH3 == null ? "" : " and " + listenH3);
            throw new IOException("cannot listen on " + where + ": " + e.getMessage(), e);
        }
    }

    /** A JVM that ends on a signal would exit with 128 and the signal's number, but this is the way to end a proxy. */
    private void shutDown(ProxyServer server) {
        if (!server.shutDown(grace)) {
            LOG.warn("closed requests that were still in flight after {} ms", grace.toMillis());
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
