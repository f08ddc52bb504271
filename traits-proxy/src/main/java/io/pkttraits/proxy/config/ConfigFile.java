// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** A configuration file in TOML, which knows where in it everything is. */
final class ConfigFile {
    private final Path path;
    private final TomlParseResult root;

    private ConfigFile(Path path, TomlParseResult root) {
        this.path = path;
        this.root = root;
    }

    static ConfigFile read(Path path) throws ConfigException {
        String text;
        try {
            text = Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new ConfigException(path + ": is not UTF-8");
        } catch (NoSuchFileException e) {
            throw new ConfigException(path + ": does not exist");
        } catch (IOException e) {
            throw new ConfigException(path + ": cannot be read: " + e.getMessage());
        }
        return parse(path, text);
    }

    static ConfigFile parse(Path path, String text) throws ConfigException {
        TomlParseResult root;
        try {
            root = Toml.parse(text, TomlVersion.V1_0_0);
        } catch (StackOverflowError e) {
            throw new ConfigException(path + ": is nested too deeply");
        }
        ConfigFile file = new ConfigFile(path, root);
        if (root.hasErrors()) {
            TomlParseError first = root.errors().get(0);
            throw file.error(first.position(), first.getMessage());
        }
        return file;
    }

    TomlTable root() {
        return root;
    }

    ConfigException error(TomlPosition position, String message) {
        return new ConfigException(path + (position == null ? "" : ":" + position.line()) + ": " + message);
    }

    /** About a key of a table. */
    ConfigException error(TomlTable table, String key, String message) {
        return error(table.inputPositionOf(List.of(key)), message);
    }

    /** A string, or a list of strings and numbers; empty if the key is absent. */
    List<String> strings(TomlTable table, String key) throws ConfigException {
        Object value = table.get(List.of(key));
        List<String> texts = new ArrayList<>();
        if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                texts.add(scalar(array.get(i), array.inputPositionOf(i), key));
            }
        } else if (value != null) {
            texts.add(scalar(value, table.inputPositionOf(List.of(key)), key));
        }
        return texts;
    }

    private String scalar(Object value, TomlPosition position, String key) throws ConfigException {
        if (value instanceof String || value instanceof Long || value instanceof Boolean) {
            return value.toString();
        }
        throw error(position, key + ": expected a string, a number or a list of such");
    }
}
