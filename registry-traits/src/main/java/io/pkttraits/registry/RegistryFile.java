// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** Reads the definitions of one file, and notes all that is wrong with it. */
final class RegistryFile {
    /** Far more than 64 definitions need, and little enough for a parser to be done with soon. */
    static final int MAX_BYTES = 256 << 10;

    private static final Comparator<RegistryError> IN_FILE_ORDER = Comparator.comparingInt(
                    (RegistryError error) -> error.position().line())
            .thenComparingInt(error -> error.position().column());

    private RegistryFile() {}

    static void read(Path file, List<TraitDefinition> definitions, List<RegistryError> errors) {
        String text = text(file, errors);
        if (text != null) {
            List<RegistryError> found = new ArrayList<>();
            parse(file.toString(), text, definitions, found);
            found.sort(IN_FILE_ORDER);
            errors.addAll(found);
        }
    }

    private static String text(Path file, List<RegistryError> errors) {
        String wrong;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > 0 && bytes.length <= MAX_BYTES) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
            // A file that somebody is about to write is so.
            wrong = bytes.length == 0 ? "is empty" : "is larger than " + MAX_BYTES + " bytes";
        } catch (CharacterCodingException e) {
            wrong = "is not UTF-8";
        } catch (NoSuchFileException e) {
            wrong = "does not exist";
        } catch (IOException e) {
            wrong = "cannot be read: " + e;
        }
        errors.add(new RegistryError(SourcePosition.ofFile(file), wrong));
        return null;
    }

    private static void parse(String file, String text, List<TraitDefinition> definitions, List<RegistryError> errors) {
        TomlParseResult root;
        try {
            root = Toml.parse(text, TomlVersion.V1_0_0);
        } catch (StackOverflowError e) {
            errors.add(new RegistryError(SourcePosition.ofFile(file), "is nested too deeply"));
            return;
        } catch (RuntimeException e) {
            // The parser promises errors() instead, but whoever reloads must not depend on it.
            errors.add(new RegistryError(SourcePosition.ofFile(file), "cannot be parsed: " + oneLine(e.toString())));
            return;
        }
        for (TomlParseError error : root.errors()) {
            errors.add(new RegistryError(position(file, error.position()), oneLine(error.getMessage())));
        }
        if (root.hasErrors()) {
            return;
        }
        for (String name : root.keySet()) {
            List<String> path = List.of(name);
            SourcePosition position = position(file, root.inputPositionOf(path));
            if (root.get(path) instanceof TomlTable table) {
                TraitDefinition definition = new DefinitionReader(file, name, position, table, errors).read();
                if (definition != null) {
                    definitions.add(definition);
                }
            } else {
                errors.add(new RegistryError(
                        position,
                        "'" + oneLine(name) + "' is not defined by a table such as { key = 4, type = \"u32\" }"));
            }
        }
    }

    static SourcePosition position(String file, TomlPosition position) {
        return position == null
                ? SourcePosition.ofFile(file)
                : new SourcePosition(file, position.line(), position.column());
    }

    /** What a file chose, fit for a log line. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .limit(300)
                .forEach(c -> line.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return line.toString();
    }
}
