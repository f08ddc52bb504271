// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process is told in each kind of environment; each in a JVM of its own, since it is found out once. */
@Tag("slow")
final class AvailabilityTest {
    @Test
    void bpfProgramsArePreferredToIpOptions() throws Exception {
        assertSays(new ChildJvm(), "carrier=bpf", "available=true", "receive=true", "cause=null", "ensured");
    }

    @Test
    void ipOptionsAreTakenWhereNothingElseAnswers() throws Exception {
        assertSays(new ChildJvm().outsideThePolyfill(), "carrier=ip-option", "available=true", "cause=null");
    }

    @Test
    void bpfProgramsNeedNoCapability() throws Exception {
        assertSays(new ChildJvm().withoutNetRaw(), "carrier=bpf", "available=true");
    }

    @Test
    void withoutCapNetRawTraitsCanBeReadAndTheCauseNamesItAndWhatHelps() throws Exception {
        assertSays(
                new ChildJvm().withoutNetRaw().property("io.pkttraits.carrier", "ip-option"),
                "carrier=ip-option",
                "available=false",
                "receive=true",
                "CAP_NET_RAW is missing",
                "sudo setpriv --reuid USER --regid GROUP --init-groups --inh-caps=+net_raw --ambient-caps=+net_raw -- java",
                "refused=packet traits are not available");
    }

    /** The remedy that the cause names. File capabilities on java would not do: its libraries are not found then. */
    @Test
    void anotherUserWithCapNetRawAsAnAmbientCapabilityCanSend() throws Exception {
        // The class path may be in root's home.
        String caps = "+net_raw,+dac_read_search";
        assertSays(
                new ChildJvm()
                        .under("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--init-groups")
                        .under("--inh-caps=" + caps, "--ambient-caps=" + caps, "--")
                        .property("io.pkttraits.carrier", "ip-option"),
                "carrier=ip-option",
                "available=true");
    }

    @Test
    void whereNothingCanSendTheCauseNamesEachCarrier() throws Exception {
        assertSays(
                new ChildJvm().outsideThePolyfill().withoutNetRaw(),
                "carrier=ip-option",
                "available=false",
                "carrier kernel: this kernel does not take 1 for TCP_SAVE_SYN_TRAITS (SOL_TCP, 44)",
                "Carrier bpf: no BPF programs of traits-bpf",
                "kernel/bpf/traits-bpf exec --user USER -- COMMAND",
                "Carrier ip-option: may not send IP options");
    }

    @ParameterizedTest
    @CsvSource({
        "io.pkttraits.carrier, kernel, a kernel with the packet traits RFC would",
        "io.pkttraits.carrier, none, switched off by -Dio.pkttraits.carrier=none",
        "io.pkttraits.carrier, ip_option, '-Dio.pkttraits.carrier=ip_option is none of auto, kernel, bpf'",
        "io.pkttraits.trust, 10.0.0.0/40, '''10.0.0.0/40'' is no network: the prefix must be 0..32'",
        "io.pkttraits.TCP_SYN_TRAITS, x45, -Dio.pkttraits.TCP_SYN_TRAITS=x45 is not an option number",
    })
    void propertyThatCannotBeHadIsSaidAndNothingElseIsUsed(String name, String value, String cause) throws Exception {
        assertSays(new ChildJvm().property(name, value), "carrier=none", "available=false", "receive=false", cause);
    }

    @Test
    void kernelCarrierIsFoundByItsBehaviourUnderTheNumbersOfTheProperties() throws Exception {
        assertSays(
                new ChildJvm()
                        .property("io.pkttraits.TCP_SAVE_SYN_TRAITS", "0x5401")
                        .property("io.pkttraits.TCP_SYN_TRAITS", "0x5402"),
                "carrier=kernel",
                "available=true");
    }

    @Test
    void withoutNativeTransportTheCauseSaysWhatToAdd() throws Exception {
        assertSays(
                withoutNatives(),
                "carrier=none",
                "available=false",
                "no native transport of Netty for Linux could be loaded",
                "io.netty.channel.epoll.Epoll",
                "io.netty.channel.uring.IoUring",
                "netty-transport-native-epoll");
    }

    @Test
    void onNioEverythingLoadsReadsNothingAndRefusesToSend() throws Exception {
        String[] expected = {"read={}", "connected=true", "refused=io.pkttraits.transport.TraitsException"};
        assertOutput(new ChildJvm().run(NioMain.class), expected);
        assertOutput(withoutNatives().run(NioMain.class), expected);
        assertOutput(withoutNatives().property("os.name", "FreeBSD").run(NioMain.class), expected);
        assertOutput(new ChildJvm().property("os.arch", "riscv64").run(NioMain.class), expected);
    }

    private static ChildJvm withoutNatives() {
        return new ChildJvm().withoutClassPathEntries(entry -> entry.matches(".*native-(epoll|io_uring).*"));
    }

    private static void assertSays(ChildJvm jvm, String... expected) throws Exception {
        assertOutput(jvm.run(AvailabilityMain.class), expected);
    }

    private static void assertOutput(String output, String... expected) {
        for (String part : expected) {
            assertTrue(output.contains(part), () -> "expected '" + part + "' in:\n" + output);
        }
    }
}
