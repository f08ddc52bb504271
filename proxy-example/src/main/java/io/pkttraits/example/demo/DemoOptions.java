// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all of the demo's programs. */
final class DemoOptions {
    private static final String CARRIER = "io.pkttraits.carrier";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--transport",
            paramLabel = "auto|epoll|io_uring",
            defaultValue = DemoTransport.AUTO,
            description = "Netty transport of all programs. Default: ${DEFAULT-VALUE}")
    private String transport;

    @Option(
            names = "--carrier",
            paramLabel = "auto|kernel|bpf|ip-option|none",
            description = "How traits get to and from packets. Default: what -Dio.pkttraits.carrier says, else auto")
    private String carrier;

    /** Checks the options and chooses the carrier. Has to run before anything else of {@code io.pkttraits.transport}. */
    void apply() {
        if (!DemoTransport.IDS.contains(transport)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + transport + "' is not a transport (expected: auto, epoll or io_uring)");
        }
        if (carrier != null) {
            System.setProperty(CARRIER, carrier);
        }
        if (PacketTraits.unavailabilityCause() instanceof IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    DemoTransport transport() throws DemoFailure {
        return DemoTransport.of(transport);
    }

    /** Returns options with which another program chooses the same; {@code chosen} is the carrier of this process. */
    List<String> arguments(CarrierType chosen) {
        return List.of("--transport", transport, "--carrier", chosen.id());
    }
}
