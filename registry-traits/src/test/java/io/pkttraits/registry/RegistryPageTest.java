// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/registry.md is this file's, and does what it says. */
final class RegistryPageTest {
    @TempDir
    private Path dir;

    @Test
    void exampleReadsAndWritesByName() throws Exception {
        TraitRegistry registry = TraitRegistry.load(Files.writeString(dir.resolve("traits.toml"), """
                customer_id = { key = 4, type = "u32", order = "network" }
                tenant = { keys = "16-19", type = "bytes", max_length = 60 }
                """));
        Traits traits = Traits.EMPTY.with(4, new byte[] {0, 0, 1, 2});
        // page begins
        TraitKey<Integer> customer = registry.key("customer_id", Integer.class);
        TraitKey<String> tenant = registry.key("tenant", String.class);

        int id = traits.getInt(customer, -1); // -1 if the trait is absent or does not have 4 bytes
        String name = traits.get(tenant); // null if the trait is absent or is not a whole value

        Traits forwarded = traits.with(customer, 12345).with(tenant, "acme");
        Traits built =
                Traits.builder().putInt(customer, 12345).put(tenant, "acme").build();
        // page ends
        assertEquals(0x102, id);
        assertEquals(null, name);
        assertEquals("{customer_id=12345, tenant=\"acme\"}", registry.format(forwarded));
        assertEquals(forwarded, built);
    }

    @Test
    void pageShowsThisCode() throws Exception {
        String source =
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));
        String page = Files.readString(Path.of("../docs/registry.md"));
        assertEquals(
                block(source, "        // page begins\n", "        // page ends"), block(page, "```java\n", "```"));
    }

    private static String block(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from)).stripTrailing().stripIndent();
    }
}
