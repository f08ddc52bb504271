// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.transport.policy.ConnectionFacts;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration file says about traits. */
class PolicyReaderTest {
    private static final Path FILE = Path.of("p.toml");
    private static final InetSocketAddress PEER = new InetSocketAddress("10.1.2.3", 40_000);
    private static final ConnectionFacts FACTS = ConnectionFacts.of(PEER, new InetSocketAddress("10.0.0.1", 80));
    private static final Traits IN =
            Traits.builder().putInt(4, 12345).putFlag(9).putLong(63, -2).build();

    @TempDir
    Path dir;

    private String registry;

    @BeforeEach
    void registry() throws Exception {
        Path file = Files.writeString(dir.resolve("registry.toml"), """
                customer = { key = 4, type = "u32", order = "network" }
                host = { key = 5, type = "u16" }
                debug = { key = 9, type = "flag" }
                site = { key = 20, type = "ipv4" }
                request = { key = 21, type = "uuid" }
                tag = { key = 22, type = "bytes" }
                big = { key = 23, type = "u64", order = "network" }
                session = { keys = "30-31", type = "bytes" }
                port = { key = 24, type = "u16", order = "network" }
                secret = { key = 25, type = "u32", sensitive = true }
                also_secret = { key = 26, type = "u32", sensitive = true }
                """);
        registry = "registry = '" + file + "'\n";
    }

    @Test
    void emptyFileTakesAndPassesOnEverything() throws Exception {
        TraitsPolicy policy = read("");
        assertSame(IN, policy.forward(FACTS, policy.accept(PEER, IN)));
    }

    @Test
    void namesAndNumbersAreKeys() throws Exception {
        TraitsPolicy policy = read(registry + """
                partition = ["customer", 63]

                [[accept]]
                from = ["10.0.0.0/8"]
                only = ["customer", 9]

                [[forward]]
                except = [9]
                """);
        assertEquals(IN.without(63), policy.accept(PEER, IN));
        assertSame(Traits.EMPTY, policy.accept(new InetSocketAddress("192.0.2.1", 1), IN));
        assertEquals(IN.without(9), policy.forward(FACTS, IN));
        assertEquals(IN.without(9), policy.ofConnection(IN));
    }

    @Test
    void constantsHaveTheTypeOfTheRegistry() throws Exception {
        TraitsPolicy policy = read(registry + """
                [[forward]]
                set = { customer = 12345, host = 7, debug = true, site = "192.0.2.1", tag = "abcd", big = "18446744073709551615",
                        request = "00112233-4455-6677-8899-aabbccddeeff", 40 = "0x0102", 41 = true }
                """.replaceAll(",\\s+", ", "));
        Traits out = policy.forward(FACTS, Traits.EMPTY);
        assertEquals(12345, out.getInt(4, -1, ByteOrder.BIG_ENDIAN));
        assertEquals(7, out.getInt(5, -1));
        assertTrue(out.getFlag(9));
        assertEquals("192.0.2.1", out.getAddress(20).getHostAddress());
        assertEquals("00112233-4455-6677-8899-aabbccddeeff", out.getUuid(21).toString());
        assertEquals(-1L, out.getLong(23, 0));
        assertEquals(
                "{22=0x61626364, 40=0x0102, 41}",
                out.only(1L << 22 | 1L << 40 | 1L << 41).toString());
        assertEquals(9, out.size());
    }

    @Test
    void spanIsSetAndChosenAsAWhole() throws Exception {
        TraitsPolicy policy = read(registry + "[[forward]]\nset = { session = \"a session of 21 by\" }\n");
        Traits out = policy.forward(FACTS, Traits.EMPTY);
        assertEquals(1L << 30 | 1L << 31, out.keys());
        assertSame(out, read(registry + "[[forward]]\nonly = [\"session\"]\n").forward(FACTS, out));
    }

    @Test
    void factsAndRenames() throws Exception {
        TraitsPolicy policy = read(registry + """
                [[forward]]
                set = { site = { from = "peer-address" }, host = { from = "peer-port" } }
                rename = { customer = 50 }
                all = true
                """);
        Traits out = policy.forward(FACTS, IN.withShort(5, (short) 1));
        assertEquals("10.1.2.3", out.getAddress(20).getHostAddress());
        assertEquals(40_000, out.getInt(5, -1), "the client's own won");
        assertEquals(12345, out.getInt(50, -1));
        assertEquals(-1, out.getInt(4, -1));
    }

    @Test
    void sensitiveKeyIsNotRenamedToOneThatIsSeen() throws Exception {
        for (String to : new String[] {"40", "\"customer\""}) {
            for (String from : new String[] {"secret", "25"}) {
                ConfigException e = assertThrows(
                        ConfigException.class,
                        () -> read(registry + "[[forward]]\nrename = { " + from + " = " + to + " }\n"));
                assertTrue(e.getMessage().startsWith("p.toml:3: '" + from + "' is sensitive, and '"), e.getMessage());
            }
        }
        read(registry + "[[forward]]\nrename = { secret = \"also_secret\", customer = 41 }\n");
    }

    @Test
    void filterOfTheCommandLineStandsForRules() throws Exception {
        TraitsPolicy policy = read("[[accept]]\nonly = [4, 63]\n", ForwardFilter.parse("4,9"));
        assertEquals(IN.only(1L << 4), policy.forward(FACTS, policy.accept(PEER, IN)));
        ConfigException e =
                assertThrows(ConfigException.class, () -> read("\n[[forward]]\nall = true\n", ForwardFilter.ALL));
        assertEquals("p.toml:2: there are [[forward]] rules, and --forward as well", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[accept]];from = ['10.0.0.0/33']|2: '10.0.0.0/33' is no network",
                "[[accept]];only = [64]|2: only: '64' is neither a key of 0..63 nor a name",
                "[[accept]];only = [4];except = [5]|3: only and except exclude each other",
                "[[accept]];set = { 4 = true }|2: 'set' is no field of [[accept]]",
                "[[forward]];only = ['customer'];;[[forward]];only = ['nobody']|2: only: 'customer' is neither",
                "[[forward]];only = [4];[[forward]];rename = { 4 = 4 }|4: key 4 cannot be renamed to itself",
                "[[forward]];rename = { 4 = 5 };;[[forward]];rename = { 4 = 6 }|5: key 4 cannot be renamed twice",
                "[[forward]];rename = { 4 = [5] }|2: 4: expected the new key",
                "[[forward]];set = { 4 = 7 }|2: 4: expected true, for a flag, or \"0x…\"",
                "[[forward]];set = { 4 = '0x010203' }|2: 4: ",
                "[[forward]];set = { 4 = { from = 'nowhere' } }|2: 4: expected { from = FACT } with one of peer-address,",
                "[[forward]];all = false|2: all: expected true",
                "[[forward]]|1: [[forward]] without any rule",
                "on-same-key = 'maybe'|1: on-same-key: expected keep-first, keep-last, error",
                "partition = [[4]]|1: partition: expected a string, a number or a list",
                "accept = 4|1: expected tables: [[accept]]",
                "[[accept]];only = [4];;[[accept]];from = '::1'|4: no peer comes to this rule, since the one of line 1",
                "[[accept]];from = []|2: from: an empty list",
                "registry = '/no/such.toml'|1: /no/such.toml",
                "[[forward]|1: ",
            })
    void whatIsWrongIsNamedByFileAndLine(String text, String message) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(text.replace(";", "\n")));
        assertTrue(e.getMessage().startsWith("p.toml:" + message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "customer = -1 | number of type u32",
                "customer = 4294967296 | number of type u32",
                "customer = true | number of type u32",
                "debug = false | for a flag",
                "site = '::1' | address of type ipv4",
                "request = '0' | a UUID",
                "tag = 5 | a string",
                "session = 'a text that is longer than the thirty bytes that fit' | longer than 30",
                "session = { from = 'peer-address' } | several keys",
                "request = '1-1-1-1-1' | a UUID",
                "30 = 'text' | of the span 'session'",
                "31 = { from = 'alpn' } | of the span 'session'",
                "customer = { from = 'peer-address' } | type u32, and that fact of ipv4 or ipv6 or bytes",
                "customer = { from = 'peer-port' } | type u32, and that fact of u16",
                "port = { from = 'local-port' } | network order, and that fact in host order",
                "debug = { from = 'alpn' } | type flag, and that fact of bytes",
                "secret = { from = 'sni-sha256' } | type u32, and that fact of uuid or bytes",
            })
    void constantOfAnotherTypeIsRefused(String assignment, String message) {
        ConfigException e = assertThrows(
                ConfigException.class, () -> read(registry + "[[forward]]\nset = { " + assignment + " }\n"));
        assertTrue(e.getMessage().startsWith("p.toml:3: ") && e.getMessage().contains(message), e.getMessage());
    }

    /** Any text is a policy, or an error that names the file. */
    @Property
    void arbitraryTextNeverFailsOtherwise(@ForAll String text, @ForAll("fragments") String fragments) {
        for (String each : new String[] {text, fragments}) {
            try {
                read(each);
            } catch (ConfigException e) {
                assertTrue(e.getMessage().startsWith("p.toml"), e.getMessage());
            }
        }
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "[[accept]]\n",
                        "[[forward]]\n",
                        "only = [4]\n",
                        "except = [\"a\"]\n",
                        "from = \"10.0.0.0/8\"\n",
                        "from = [[]]\n",
                        "set = { 4 = true }\n",
                        "set = { 4 = { from = 4 } }\n",
                        "set = 4\n",
                        "rename = { 4 = 5 }\n",
                        "rename = { 4 = 1.5 }\n",
                        "rename.4.5 = 6\n",
                        "all = true\n",
                        "partition = [1979-05-27]\n",
                        "on-same-key = \"error\"\n",
                        "forward = \"all\"\n",
                        "registry = []\n",
                        "accept.only = 4\n",
                        "\"\" = 1\n")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    private static TraitsPolicy read(String text) throws ConfigException {
        return read(text, null);
    }

    private static TraitsPolicy read(String text, ForwardFilter filter) throws ConfigException {
        ConfigFile file = ConfigFile.parse(FILE, text);
        try (LiveTraitRules rules = LiveTraitRules.open(file, filter, List.of())) {
            return rules.policy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
