// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every Java snippet of the README is a region of an example, and so it compiles and runs. In the README the line {@code <!--
 * snippet: EchoServer.java#read -->} precedes the snippet. In the source {@code // tag::read[]} and {@code // end::read[]} enclose
 * the region.
 */
final class ReadmeSnippetsTest {
    private static final Path README = Path.of("../README.md");
    private static final Path EXAMPLES = Path.of("src/main/java/io/pkttraits/example");
    private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\w+\\.java)#(\\w+) -->");
    private static final int MIN_SNIPPET_LINES = 8;
    private static final int MAX_SNIPPET_LINES = 20;
    private static final int MAX_PROGRAM_LINES = 150;

    @Test
    void everyJavaSnippetIsARegionOfAnExample() throws Exception {
        List<String> readme = Files.readAllLines(README);
        int snippets = 0;
        for (int i = 0; i < readme.size(); i++) {
            if (!readme.get(i).startsWith("```java")) {
                continue;
            }
            String place = README.getFileName() + ":" + (i + 1);
            Matcher marker = MARKER.matcher(i == 0 ? "" : readme.get(i - 1));
            assertTrue(
                    marker.matches(), place + ": no line <!-- snippet: FILE.java#REGION --> before the Java snippet");
            List<String> snippet =
                    readme.subList(i + 1, i + readme.subList(i, readme.size()).indexOf("```"));
            List<String> region = region(EXAMPLES.resolve(marker.group(1)), marker.group(2));
            assertEquals(String.join("\n", region), String.join("\n", snippet), place);
            assertTrue(
                    snippet.size() >= MIN_SNIPPET_LINES && snippet.size() <= MAX_SNIPPET_LINES,
                    place + ": " + snippet.size() + " lines");
            snippets++;
        }
        assertTrue(snippets > 0, "the README has no Java snippet");
        assertEquals(
                snippets,
                readme.stream().filter(line -> line.startsWith("<!-- snippet:")).count(),
                "a marker is not followed by a Java snippet");
    }

    @Test
    void everyExampleIsShort() throws Exception {
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(EXAMPLES, "*.java")) {
            for (Path program : programs) {
                int lines = Files.readAllLines(program).size();
                assertTrue(lines <= MAX_PROGRAM_LINES, program + " has " + lines + " lines");
            }
        }
    }

    /** The lines between the region's tags, without the indentation that all of them have. */
    private static List<String> region(Path source, String name) throws IOException {
        assertTrue(Files.exists(source), source + " does not exist");
        List<String> lines = new ArrayList<>();
        boolean isInside = false;
        boolean hasEnded = false;
        for (String line : Files.readAllLines(source)) {
            if (line.strip().equals("// end::" + name + "[]")) {
                hasEnded = isInside;
                isInside = false;
            } else if (line.strip().equals("// tag::" + name + "[]")) {
                assertFalse(hasEnded || isInside, source + " has two regions '" + name + "'");
                isInside = true;
            } else if (isInside) {
                lines.add(line);
            }
        }
        assertTrue(hasEnded, source + " has no region '" + name + "'");
        return String.join("\n", lines).stripIndent().lines().toList();
    }
}
