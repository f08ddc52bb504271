// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Starts an upstream, the proxy and a client as processes of their own on loopback, and compares what each of them saw. The last
 * line is {@code demo: OK carrier=… transport=… traits=N}, with exit code 0, or {@code demo: FAILED …} with another.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Shows packet traits leave a client, reach the proxy on the SYN, and reach the upstream on another SYN; or with quic"
                        + " reach the proxy on the datagrams of two QUIC connections that share the client's socket.")
public final class Demo implements Callable<Integer> {
    private static final String PROXY = "io.pkttraits.proxy.TraitsProxy";
    private static final String READY = "listening on ";

    /** How the client reaches the proxy. */
    enum Protocol {
        tcp,
        quic
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "tcp|quic",
            defaultValue = "tcp",
            description = "What the client speaks to the proxy: HTTP/1.1 or HTTP/3. Default: ${DEFAULT-VALUE}")
    private Protocol protocol;

    @Mixin
    private DemoOptions options;

    private final Deque<DemoProcess> processes = new ArrayDeque<>();

    public static void main(String... args) {
        System.exit(DemoCommand.run(new Demo(), args));
    }

    @Override
    public Integer call() throws InterruptedException {
        String failure;
        try {
            options.apply();
            CarrierType carrier = PacketTraits.carrier();
            if (!PacketTraits.isAvailable()) {
                throw new DemoFailure(PacketTraits.unavailabilityCause().getMessage());
            }
            if (protocol == Protocol.quic && !DatagramTraits.isAvailable()) {
                throw new DemoFailure(DatagramTraits.unavailabilityCause().getMessage());
            }
            int verified = show(carrier);
            stop();
            System.out.println(
                    "demo: OK carrier=" + carrier + " transport=" + options.transport() + " traits=" + verified);
            return 0;
        } catch (DemoFailure | IOException e) {
            failure = e.getMessage().replaceAll("\\s*\\R\\s*", " ");
        }
        stop();
        for (DemoProcess process : processes) {
            process.stderr().forEach(line -> System.out.println(process.name() + " stderr: " + line));
        }
        System.out.println("demo: FAILED " + failure);
        return 1;
    }

    private int show(CarrierType carrier) throws DemoFailure, IOException, InterruptedException {
        boolean quic = protocol == Protocol.quic;
        List<Traits> sets = quic ? DemoSets.forQuic() : DemoSets.of(carrier);
        List<String> arguments = options.arguments(carrier);
        DemoProcess upstream = start("upstream", DemoUpstream.class.getName(), arguments);
        String upstreamAddress = awaitAddress(upstream);
        String listen = quic ? "--listen-h3" : "--listen";
        DemoProcess proxy =
                start("proxy", PROXY, with(arguments, listen, "127.0.0.1:0", "--upstream", upstreamAddress));
        String proxyAddress = awaitAddress(proxy);
        System.out.println("client -> proxy " + proxyAddress + " -> upstream " + upstreamAddress);
        List<String> clientArguments = with(arguments, "--proxy", proxyAddress);
        for (Traits set : sets) {
            clientArguments.add(set.isEmpty() ? "-" : TraitsText.format(set).replace('\n', ','));
        }
        DemoProcess client =
                start("client", (quic ? DemoQuicClient.class : DemoClient.class).getName(), clientArguments);
        return compare(sets, client.awaitEnd(), proxy);
    }

    private int compare(List<Traits> sets, List<String> responses, DemoProcess proxy)
            throws DemoFailure, InterruptedException {
        DemoTable table = new DemoTable(protocol == Protocol.quic ? "request" : "connection");
        int verified = 0;
        int different = 0;
        for (int i = 0; i < sets.size(); i++) {
            Traits set = sets.get(i);
            Traits upstreamSaw = responseOf(i, responses);
            String proxySaw = proxySaw(i, proxy);
            boolean same = set.equals(upstreamSaw) && set.toString().equals(proxySaw);
            table.add(i + 1, set, proxySaw, upstreamSaw);
            verified += set.size();
            different += same ? 0 : 1;
        }
        System.out.print(table);
        if (different > 0) {
            throw new DemoFailure(different + " of " + sets.size() + " sets did not arrive as they were sent");
        }
        return verified;
    }

    private static Traits responseOf(int number, List<String> responses) throws DemoFailure {
        if (!responses.contains(number + ": 200")) {
            throw new DemoFailure("client: no 200 for set " + number);
        }
        StringBuilder body = new StringBuilder();
        String prefix = number + "= ";
        for (String line : responses) {
            if (line.startsWith(prefix)) {
                body.append(line, prefix.length(), line.length()).append('\n');
            }
        }
        return TraitsText.parse(body.toString());
    }

    private static String proxySaw(int number, DemoProcess proxy) throws DemoFailure, InterruptedException {
        String uri = " uri=\"/set/" + number + "\" ";
        String line = proxy.awaitLine(text -> text.contains(uri), "what it saw of set " + number);
        int start = line.indexOf(" traits=") + " traits=".length();
        return line.substring(start, line.indexOf(" forwarded=", start));
    }

    private static String awaitAddress(DemoProcess process) throws DemoFailure, InterruptedException {
        String line = process.awaitLine(text -> text.startsWith(READY), "where it listens");
        return line.substring(READY.length(), line.indexOf(' ', READY.length()));
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    private DemoProcess start(String name, String main, List<String> arguments) throws IOException {
        DemoProcess process = new DemoProcess(name, main, arguments);
        processes.addFirst(process);
        return process;
    }

    private void stop() {
        processes.forEach(DemoProcess::close);
    }
}
