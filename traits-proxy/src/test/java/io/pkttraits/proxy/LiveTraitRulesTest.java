// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.config.ConfigOption;
import io.pkttraits.proxy.config.LiveTraitRules;
import io.pkttraits.proxy.config.TraitRules;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.policy.ConnectionFacts;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Names and the policy that uses them change together, or not at all. */
@Timeout(120)
class LiveTraitRulesTest {
    private static final Traits IN =
            Traits.builder().putInt(4, 12345).putInt(5, 54321).build();
    private static final ConnectionFacts FACTS =
            ConnectionFacts.of(new InetSocketAddress("10.1.2.3", 40_000), new InetSocketAddress("10.0.0.1", 80));

    @CommandLine.Command
    private static final class Program {
        @CommandLine.Mixin
        private ConfigOption traits;
    }

    @TempDir
    private Path dir;

    private Path names;
    private Path config;

    @BeforeEach
    void files() throws Exception {
        names = write("names.toml", "customer = { key = 4, type = \"u32\" }\n");
        config = write("config.toml", "registry = '" + names + "'\n[[forward]]\nonly = [\"customer\"]\n");
    }

    /** Renamed, as a file that is read at any time should be. */
    private Path write(String name, String text) throws Exception {
        Path whole = Files.writeString(dir.resolve("next"), text);
        return Files.move(whole, dir.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static LiveTraitRules rules(String... options) throws Exception {
        Program program = new Program();
        new CommandLine(program).parseArgs(options);
        return program.traits.rules();
    }

    @Test
    void namesOfTheFileAreForThePolicyAndForEverythingElse() throws Exception {
        try (LiveTraitRules rules = rules("--config", config.toString())) {
            assertEquals(4, rules.get().names().get("customer").firstKey());
            assertEquals(IN.without(5), rules.policy().forward(FACTS, IN));
        }
    }

    @Test
    void namesOfTheCommandLineAreStrongerThanTheFiles() throws Exception {
        Path other = write("other.toml", "customer = { key = 5, type = \"u32\" }\n");
        try (LiveTraitRules rules = rules("--config", config.toString(), "--registry", other.toString())) {
            assertEquals(5, rules.get().names().get("customer").firstKey());
            assertEquals(IN.without(4), rules.policy().forward(FACTS, IN));
        }
    }

    @Test
    void withoutNamesThereIsNothingToFollow() throws Exception {
        try (LiveTraitRules rules = rules("--forward", "5")) {
            assertNull(rules.names());
            assertSame(TraitRegistry.EMPTY, rules.get().names());
            assertEquals(IN.without(4), rules.policy().forward(FACTS, IN));
        }
    }

    @Test
    void namesWithoutOneThatThePolicyUsesAreRefused() throws Exception {
        try (LiveTraitRules rules = rules("--config", config.toString())) {
            TraitRules before = rules.get();
            write("names.toml", "client = { key = 4, type = \"u32\" }\n");
            rules.names().reload();
            assertEquals(1, rules.names().failures());
            assertSame(before, rules.get());
            assertSame(before.names(), rules.names().get());
            // At the start there are none to keep.
            CommandLine.ParameterException e = assertThrows(
                    CommandLine.ParameterException.class,
                    () -> rules("--config", config.toString()).close());
            assertEquals(
                    config + ":3: only: 'customer' is neither a key of 0..63 nor a name in the registry",
                    e.getMessage());

            write("names.toml", "customer = { key = 5, type = \"u32\" }\n");
            rules.names().reload();
            assertEquals(IN.without(4), rules.policy().forward(FACTS, IN));
            assertSame(rules.names().get(), rules.get().names());
        }
    }

    @EachTransport
    void openConnectionFollowsTheNames(IoTransport transport) throws Exception {
        PacketTraits.ensureAvailability();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                LiveTraitRules rules = rules("--config", config.toString())) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.rules = rules;
            try (TestProxy proxy = builder.start();
                    Http1TraitsClient client = new Http1TraitsClient(group, transport, proxy.address(), IN)) {
                assertEquals("200 0 {4=0x39300000}", client.get("/").get(20, TimeUnit.SECONDS));
                write("names.toml", "customer = { key = 5, type = \"u32\" }\n");
                rules.names().reload();
                assertEquals("200 1 {5=0x31d40000}", client.get("/").get(20, TimeUnit.SECONDS));
                write("names.toml", "nobody = { key = 4, type = \"u32\" }\n");
                rules.names().reload();
                assertEquals("200 1 {5=0x31d40000}", client.get("/").get(20, TimeUnit.SECONDS));
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
