// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.JavaProgram;
import io.pkttraits.proxy.TraitsProxy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class RegistryCheckTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void exampleIsValid() {
        assertEquals(0, check("traits.toml"), err::toString);
        assertTrue(
                out.toString().startsWith("4     customer_id u32 host sensitive: Who pays for the request"),
                out::toString);
        assertTrue(out.toString().contains("16-19 tenant bytes: The tenant's name"), out::toString);
        assertEquals("", err.toString());
    }

    @Test
    void everythingThatIsWrongIsALine() throws Exception {
        Path a = Files.writeString(
                dir.resolve("a.toml"), "x = { key = 4, type = 'u32' }\ny = { key = 64, type = 'u32' }");
        Path b = Files.writeString(dir.resolve("b.toml"), "x = { key = 5, type = 'u32' }");
        assertEquals(1, check(dir.toString()));
        assertEquals(
                a + ":2:7: key 64 of 'y' is not in 0..63\n" + b + ":1:1: 'x' is defined already (" + a + ":1:1)\n",
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void fileMustBeNamed() {
        assertEquals(2, check());
    }

    @Test
    void programHasItAsItsCommand() throws Exception {
        try (JavaProgram program = new JavaProgram(TraitsProxy.class, "check", "traits.toml")) {
            assertEquals("4     customer_id", program.readLine().substring(0, 17));
            assertEquals(0, program.awaitExit());
        }
    }

    private int check(String... files) {
        return new CommandLine(new RegistryCheck())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(files);
    }
}
