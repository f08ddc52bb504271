// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.policy.FactKind;
import io.pkttraits.transport.policy.KeyConflict;
import io.pkttraits.transport.policy.TraitsPolicy;
import io.pkttraits.transport.policy.TraitsPolicyBuilder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Reads the part of a configuration file that is a {@link TraitsPolicy}. */
final class PolicyReader {
    private static final String ACCEPT = "accept";
    private static final String FORWARD = "forward";
    private static final String SAME_KEY = "on-same-key";
    private static final String PARTITION = "partition";
    static final String REGISTRY = "registry";
    private static final String FROM = "from";
    private static final String ONLY = "only";
    private static final String EXCEPT = "except";

    private final ConfigFile file;
    private final TraitsPolicyBuilder policy = TraitsPolicy.builder();
    private final TraitKeys keys;

    private PolicyReader(ConfigFile file, TraitRegistry names) {
        this.file = file;
        keys = new TraitKeys(names);
    }

    /** Whether a key of the file is this class's, and no option's. */
    static boolean isOfPolicy(String key, Object value) {
        return switch (key) {
            case ACCEPT, SAME_KEY, PARTITION, REGISTRY -> true;
            case FORWARD -> areTables(value);
            default -> false;
        };
    }

    /**
     * Reads the policy.
     *
     * @param filter instead of forward rules; {@code null} for the file's own
     * @param names what keys may be called
     */
    static TraitsPolicy read(ConfigFile file, ForwardFilter filter, TraitRegistry names) throws ConfigException {
        PolicyReader reader = new PolicyReader(file, names);
        TomlTable root = file.root();
        reader.acceptAll(reader.tables(ACCEPT));
        boolean hasRules = isOfPolicy(FORWARD, root.get(List.of(FORWARD)));
        if (hasRules && filter != null) {
            throw file.error(root, FORWARD, "there are [[forward]] rules, and --forward as well");
        }
        if (hasRules) {
            for (TomlTable rule : reader.tables(FORWARD)) {
                reader.forward(rule);
            }
        } else if (filter != null) {
            reader.forwardOnly(filter);
        }
        return reader.finish();
    }

    private TraitsPolicy finish() throws ConfigException {
        TomlTable root = file.root();
        if (root.contains(List.of(SAME_KEY))) {
            KeyConflict merge = constant(KeyConflict.values(), root.get(List.of(SAME_KEY)));
            if (merge == null) {
                throw file.error(root, SAME_KEY, SAME_KEY + ": expected " + ids(KeyConflict.values()));
            }
            policy.onSameKey(merge);
        }
        if (root.contains(List.of(PARTITION))) {
            policy.partitionBy(mask(root, PARTITION));
        }
        try {
            return policy.build();
        } catch (IllegalArgumentException e) {
            throw file.error(root, FORWARD, e.getMessage());
        }
    }

    /** The files and directories of names that the file says; none if it does not. */
    static List<Path> registry(ConfigFile file) throws ConfigException {
        return file.strings(file.root(), REGISTRY).stream().map(Path::of).toList();
    }

    private void forwardOnly(ForwardFilter filter) throws ConfigException {
        try {
            policy.forwardOnly(filter.mask(keys));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--forward: " + e.getMessage());
        }
    }

    private void acceptAll(List<TomlTable> rules) throws ConfigException {
        TomlTable aboutEverybody = null;
        for (TomlTable rule : rules) {
            if (aboutEverybody != null) {
                throw file.error(
                        rule.inputPositionOf(List.of()),
                        "no peer comes to this rule, since the one of line "
                                + aboutEverybody.inputPositionOf(List.of()).line() + " is about everybody");
            }
            accept(rule);
            aboutEverybody = rule.contains(List.of(FROM)) ? null : rule;
        }
    }

    private void accept(TomlTable rule) throws ConfigException {
        checkFields(ACCEPT, rule, Set.of(FROM, ONLY, EXCEPT));
        long mask = chosen(rule);
        if (!rule.contains(List.of(FROM))) {
            policy.acceptFromAll(mask);
            return;
        }
        List<String> networks = file.strings(rule, FROM);
        if (networks.isEmpty()) {
            throw file.error(rule, FROM, FROM + ": an empty list");
        }
        try {
            policy.accept(networks, mask);
        } catch (IllegalArgumentException e) {
            throw file.error(rule, FROM, e.getMessage());
        }
    }

    /** Within one rule what is set or renamed comes before what is passed on. */
    private void forward(TomlTable rule) throws ConfigException {
        checkFields(FORWARD, rule, Set.of("set", "rename", "all", ONLY, EXCEPT));
        if (rule.isEmpty()) {
            throw file.error(rule.inputPositionOf(List.of()), "[[forward]] without any rule");
        }
        for (String key : tableOf(rule, "set")) {
            set(rule.getTable(List.of("set")), key);
        }
        for (String key : tableOf(rule, "rename")) {
            rename(rule.getTable(List.of("rename")), key);
        }
        if (rule.contains(List.of("all")) || rule.contains(List.of(ONLY)) || rule.contains(List.of(EXCEPT))) {
            policy.forwardOnly(chosen(rule));
        }
    }

    private void set(TomlTable constants, String key) throws ConfigException {
        Object value = constants.get(List.of(key));
        try {
            TraitDefinition definition = keys.definition(key);
            boolean span = definition != null && definition.isSpan();
            if (span && !definition.name().equals(key)) {
                throw new IllegalArgumentException("is a key of the span '" + definition.name() + "'");
            }
            if (value instanceof TomlTable table) {
                FactKind fact = fact(table);
                int one = keys.one(key);
                FactType.check(fact, definition);
                policy.set(one, fact);
            } else {
                policy.set(TraitValue.of(span ? -1 : keys.one(key), definition, value));
            }
        } catch (IllegalArgumentException e) {
            throw file.error(constants, key, key + ": " + e.getMessage());
        }
    }

    private static FactKind fact(TomlTable table) {
        FactKind fact = table.size() == 1 ? constant(FactKind.values(), table.get(List.of(FROM))) : null;
        if (fact == null) {
            throw new IllegalArgumentException("expected { from = FACT } with one of " + ids(FactKind.values()));
        }
        return fact;
    }

    private void rename(TomlTable table, String from) throws ConfigException {
        if (!(table.get(List.of(from)) instanceof String || table.get(List.of(from)) instanceof Long)) {
            throw file.error(table, from, from + ": expected the new key");
        }
        try {
            String to = table.get(List.of(from)).toString();
            if (keys.isSensitive(from) && !keys.isSensitive(to)) {
                throw new IllegalArgumentException(
                        "'" + from + "' is sensitive, and '" + to + "', as which it would be seen, is not");
            }
            policy.rename(keys.one(from), keys.one(to));
        } catch (IllegalArgumentException e) {
            throw file.error(table, from, e.getMessage());
        }
    }

    /** All keys, if the rule does not say which. */
    private long chosen(TomlTable rule) throws ConfigException {
        if (rule.contains(List.of(ONLY)) && rule.contains(List.of(EXCEPT))) {
            throw file.error(rule, EXCEPT, "only and except exclude each other");
        }
        if (rule.contains(List.of("all")) && !Boolean.TRUE.equals(rule.get(List.of("all")))) {
            throw file.error(rule, "all", "all: expected true");
        }
        if (rule.contains(List.of(ONLY))) {
            return mask(rule, ONLY);
        }
        return rule.contains(List.of(EXCEPT)) ? ~mask(rule, EXCEPT) : -1L;
    }

    private long mask(TomlTable table, String key) throws ConfigException {
        try {
            return keys.mask(file.strings(table, key));
        } catch (IllegalArgumentException e) {
            throw file.error(table, key, key + ": " + e.getMessage());
        }
    }

    private List<TomlTable> tables(String key) throws ConfigException {
        Object value = file.root().get(List.of(key));
        if (value == null) {
            return List.of();
        }
        if (areTables(value)) {
            return ((TomlArray) value)
                    .toList().stream().map(TomlTable.class::cast).toList();
        }
        throw file.error(file.root(), key, "expected tables: [[" + key + "]]");
    }

    private static boolean areTables(Object value) {
        return value instanceof TomlArray array
                && !array.isEmpty()
                && array.toList().stream().allMatch(TomlTable.class::isInstance);
    }

    private Set<String> tableOf(TomlTable rule, String key) throws ConfigException {
        Object value = rule.get(List.of(key));
        if (value == null) {
            return Set.of();
        }
        if (value instanceof TomlTable table && !table.isEmpty()) {
            return table.keySet();
        }
        throw file.error(rule, key, key + ": expected a table such as { 4 = 5 }");
    }

    private void checkFields(String table, TomlTable rule, Set<String> fields) throws ConfigException {
        for (String field : rule.keySet()) {
            if (!fields.contains(field)) {
                throw file.error(rule, field, "'" + field + "' is no field of [[" + table + "]]");
            }
        }
    }

    private static <E extends Enum<E>> E constant(E[] constants, Object id) {
        return Arrays.stream(constants)
                .filter(c -> id(c).equals(id))
                .findFirst()
                .orElse(null);
    }

    private static String ids(Enum<?>[] constants) {
        return Arrays.stream(constants).map(PolicyReader::id).collect(Collectors.joining(", "));
    }

    private static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
