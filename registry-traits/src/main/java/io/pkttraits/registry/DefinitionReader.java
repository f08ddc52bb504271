// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.Traits;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlTable;

/** Reads the table of one definition, and notes all that is wrong with it. */
final class DefinitionReader {
    private static final Set<String> FIELDS =
            Set.of("key", "keys", "type", "max_length", "order", "description", "sensitive");
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,2}) ?- ?([0-9]{1,2})");

    private final String file;
    private final String name;
    private final SourcePosition position;
    private final TomlTable table;
    private final List<RegistryError> errors;

    DefinitionReader(String file, String name, SourcePosition position, TomlTable table, List<RegistryError> errors) {
        this.file = file;
        this.name = name;
        this.position = position;
        this.table = table;
        this.errors = errors;
    }

    /** The definition, or null if anything about it is wrong. */
    TraitDefinition read() {
        int before = errors.size();
        if (!TraitDefinition.isName(name)) {
            wrong(position, "'" + RegistryFile.oneLine(name) + "' is no name: expected " + TraitDefinition.nameRule());
        }
        for (String field : table.keySet()) {
            if (!FIELDS.contains(field)) {
                wrong(at(field), "unknown field '" + RegistryFile.oneLine(field) + "' of '" + label() + "'");
            }
        }
        int[] keys = keys();
        TraitType type = type();
        ByteOrder order = order(type);
        int maxLength = maxLength(type, keys);
        String description = value("description", String.class, "a string", "");
        boolean sensitive = value("sensitive", Boolean.class, "true or false", false);
        boolean isSpan = table.contains(List.of("keys"));
        if (isSpan && type != null && type != TraitType.BYTES) {
            wrong(at("keys"), "keys of '" + label() + "': a value of type " + type.id() + " has one key; say key = N");
        }
        if (errors.size() > before) {
            return null;
        }
        TraitDefinition definition =
                isSpan ? TraitDefinition.ofSpan(name, keys[0], keys[1]) : TraitDefinition.of(name, keys[0], type);
        return definition
                .withMaxLength(maxLength)
                .withOrder(order)
                .withDescription(description)
                .withSensitive(sensitive)
                .at(position);
    }

    /** First and last key, or null. */
    private int[] keys() {
        boolean one = table.contains(List.of("key"));
        if (one == table.contains(List.of("keys"))) {
            wrong(position, "'" + label() + "' needs either key = N or keys = \"N-M\"");
            return null;
        }
        if (one) {
            Long key = value("key", Long.class, "a number of 0..63", null);
            if (key != null && (key < 0 || key >= Traits.MAX_KEYS)) {
                wrong(at("key"), "key " + key + " of '" + label() + "' is not in 0..63");
                return null;
            }
            return key == null ? null : new int[] {key.intValue(), key.intValue()};
        }
        String text = value("keys", String.class, "a string such as \"8-11\"", null);
        if (text == null) {
            return null;
        }
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            int first = Integer.parseInt(span.group(1));
            int last = Integer.parseInt(span.group(2));
            if (first <= last && last < Traits.MAX_KEYS) {
                return new int[] {first, last};
            }
        }
        wrong(
                at("keys"),
                "keys \"" + RegistryFile.oneLine(text) + "\" of '" + label()
                        + "' are not two of 0..63, ascending, such as \"8-11\"");
        return null;
    }

    private TraitType type() {
        if (!table.contains(List.of("type"))) {
            wrong(position, "'" + label() + "' has no type: expected one of " + TraitType.ids());
            return null;
        }
        String id = value("type", String.class, "one of " + TraitType.ids(), null);
        TraitType type = id == null ? null : TraitType.of(id);
        if (id != null && type == null) {
            wrong(
                    at("type"),
                    "type \"" + RegistryFile.oneLine(id) + "\" of '" + label() + "' is not one of " + TraitType.ids());
        }
        return type;
    }

    private ByteOrder order(TraitType type) {
        String order = value("order", String.class, "\"host\" or \"network\"", null);
        if (order != null && !order.equals("host") && !order.equals("network")) {
            wrong(
                    at("order"),
                    "order \"" + RegistryFile.oneLine(order) + "\" of '" + label()
                            + "' is neither \"host\" nor \"network\"");
        } else if (order != null && type != null && !type.isNumber()) {
            wrong(at("order"), "order of '" + label() + "': a value of type " + type.id() + " is no number");
        }
        boolean host = order == null ? type != null && type.isNumber() : order.equals("host");
        return host ? ByteOrder.nativeOrder() : ByteOrder.BIG_ENDIAN;
    }

    private int maxLength(TraitType type, int[] keys) {
        Long length = value("max_length", Long.class, "a number of bytes", null);
        if (type != null && type != TraitType.BYTES) {
            if (length != null) {
                wrong(
                        at("max_length"),
                        "max_length of '" + label() + "': every value of type " + type.id() + " has " + type.length()
                                + " bytes");
            }
            return type.length();
        }
        if (keys == null) {
            return 0;
        }
        int capacity = TraitDefinition.capacity(table.contains(List.of("keys")), keys[0], keys[1]);
        if (length != null && (length < 1 || length > capacity)) {
            wrong(at("max_length"), "max_length " + length + " of '" + label() + "' is not in 1.." + capacity);
        }
        return length == null ? capacity : (int) Math.min(length, capacity);
    }

    /** The field's value; {@code absent} as well if it is of another type, which is noted. */
    private <T> T value(String field, Class<T> type, String expected, T absent) {
        Object value = table.get(List.of(field));
        if (value == null || type.isInstance(value)) {
            return value == null ? absent : type.cast(value);
        }
        wrong(at(field), field + " of '" + label() + "' is not " + expected);
        return absent;
    }

    private SourcePosition at(String field) {
        return RegistryFile.position(file, table.inputPositionOf(List.of(field)));
    }

    private String label() {
        return RegistryFile.oneLine(name);
    }

    private void wrong(SourcePosition where, String message) {
        errors.add(new RegistryError(where, message));
    }
}
