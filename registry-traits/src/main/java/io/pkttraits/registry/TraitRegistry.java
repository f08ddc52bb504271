// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names and types of trait keys: an immutable snapshot, safe to share between threads. Looking up a key or a name takes
 * constant time and allocates nothing.
 *
 * <p>A file defines each name by a table:
 *
 * <pre>{@code
 * customer_id = { key = 4, type = "u32", description = "Who is billed", sensitive = true }
 * session     = { keys = "8-11", type = "bytes", max_length = 40 }
 * }</pre>
 *
 * {@code key} or {@code keys}, and {@code type} (see {@link TraitType}) are required. {@code order} is {@code host}, the
 * default, or {@code network}, and is only for numbers. {@code max_length} is only for {@code bytes}.
 */
public final class TraitRegistry {
    /** What stands for a sensitive value. */
    public static final String MASK = "***";

    /** Without definitions: all keys are numbers to people. */
    public static final TraitRegistry EMPTY = new TraitRegistry(List.of(), 0);

    private final TraitDefinition[] byKey = new TraitDefinition[Traits.MAX_KEYS];
    private final Map<String, TraitDefinition> byName = new HashMap<>();
    private final List<TraitDefinition> inKeyOrder;
    private final long keys;
    /** Keys without a definition whose values are masked all the same. */
    private final long masked;

    private TraitRegistry(Collection<TraitDefinition> definitions, long masked) {
        this.masked = masked;
        long all = 0;
        for (TraitDefinition definition : definitions) {
            byName.put(definition.name(), definition);
            for (int key = definition.firstKey(); key <= definition.lastKey(); key++) {
                byKey[key] = definition;
            }
            all |= definition.keys();
        }
        List<TraitDefinition> sorted = new ArrayList<>();
        for (int key = 0; key < byKey.length; key++) {
            if (byKey[key] != null && byKey[key].firstKey() == key) {
                sorted.add(byKey[key]);
            }
        }
        inKeyOrder = List.copyOf(sorted);
        keys = all;
    }

    /**
     * Loads files; of a directory those that are called {@code *.toml}, in the order of their names, but none whose
     * name begins with a dot.
     *
     * @throws InvalidRegistryException for anything that is wrong with them, with all of it
     */
    public static TraitRegistry load(Path... filesOrDirectories) throws InvalidRegistryException {
        List<RegistryError> errors = new ArrayList<>();
        List<TraitDefinition> definitions = new ArrayList<>();
        for (Path file : RegistryFiles.list(List.of(filesOrDirectories), errors)) {
            RegistryFile.read(file, definitions, errors);
        }
        DefinitionClash.find(definitions, errors);
        if (!errors.isEmpty()) {
            throw new InvalidRegistryException(errors);
        }
        return new TraitRegistry(definitions, 0);
    }

    /**
     * A registry of definitions that an application made itself.
     *
     * @throws IllegalArgumentException if two of them have a name or a key in common
     */
    public static TraitRegistry of(Collection<TraitDefinition> definitions) {
        List<RegistryError> errors = new ArrayList<>();
        DefinitionClash.find(List.copyOf(definitions), errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.get(0).message());
        }
        return new TraitRegistry(definitions, 0);
    }

    /**
     * This registry in place of an earlier one: keys that were sensitive there and have no definition here stay masked, since a
     * file that is lost or half-written must not show them.
     */
    TraitRegistry after(TraitRegistry earlier) {
        long sensitive = earlier.masked;
        for (TraitDefinition definition : earlier.inKeyOrder) {
            sensitive |= definition.sensitive() ? definition.keys() : 0;
        }
        long still = sensitive & ~keys;
        return still == masked ? this : new TraitRegistry(inKeyOrder, still);
    }

    /** The definition that the key belongs to, or null; a key outside 0..63 has none. */
    public TraitDefinition get(int key) {
        return key >= 0 && key < byKey.length ? byKey[key] : null;
    }

    /** The definition of that name, or null. */
    public TraitDefinition get(String name) {
        return byName.get(name);
    }

    /**
     * Returns the typed key of a name, with the size and the byte order of its definition:
     *
     * <pre>{@code
     * TraitKey<Integer> customer = registry.key("customer_id", Integer.class);
     * int id = traits.getInt(customer, -1);
     * }</pre>
     *
     * <table>
     * <caption>Java types of the types in a registry</caption>
     * <tr><td>{@code u8}, {@code u16}</td><td>{@code Integer} or {@code Long}</td></tr>
     * <tr><td>{@code u32}</td><td>{@code Long}, 0 to 2<sup>32</sup>-1; or {@code Integer}, negative from 2<sup>31</sup> on</td></tr>
     * <tr><td>{@code u64}</td><td>{@code Long}, negative from 2<sup>63</sup> on</td></tr>
     * <tr><td>{@code flag}</td><td>{@code Boolean}</td></tr>
     * <tr><td>{@code ipv4}, {@code ipv6}</td><td>{@link java.net.InetAddress}</td></tr>
     * <tr><td>{@code uuid}</td><td>{@link java.util.UUID}</td></tr>
     * <tr><td>{@code bytes}, in one key or a span</td><td>{@code byte[]}, or {@code String} for text in UTF-8</td></tr>
     * </table>
     *
     * <p>Look a key up once and keep it. The key is that of this snapshot; a key of {@link LiveTraitRegistry#key} follows the
     * files.
     *
     * @throws IllegalArgumentException if no trait has this name, with similar names if there are any; or if the Java type
     *     does not fit the definition, with those that do
     */
    public <T> TraitKey<T> key(String name, Class<T> type) {
        return TypedKeys.of(this, name, type);
    }

    /** All definitions, in key order. */
    public List<TraitDefinition> definitions() {
        return inKeyOrder;
    }

    /** The keys that are defined, as a bit mask: bit <i>n</i> stands for key <i>n</i>. */
    public long keys() {
        return keys;
    }

    /**
     * Claims a name on this host, shared with others that claim it so: {@link TraitClaims#ofHost()}. Files are locked,
     * read and written, so not on an event loop.
     *
     * @throws TraitClaimException if others' claims are in the way, no key is free, or there is no directory for claims
     */
    public TraitClaim claim(String name) throws TraitClaimException {
        return claim(ClaimRequest.of(name));
    }

    /** The same, exclusively or of several keys if the request says so. */
    public TraitClaim claim(ClaimRequest request) throws TraitClaimException {
        return TraitClaims.ofHost().claim(this, request);
    }

    /** What people call the key: its definition's name, or the number if it has none. */
    public String label(int key) {
        TraitDefinition definition = get(key);
        return definition == null ? Integer.toString(key) : definition.name();
    }

    /**
     * The key's value for people, {@link #MASK} if it is sensitive; an empty string for a flag, null if the key is
     * absent. For any key of a span it is the whole span's value. The text has printable ASCII alone, no backslash, and
     * no quotes but a pair around text.
     *
     * <p>Numbers are decimal, addresses and UUIDs as usual; bytes are {@code "text"} where they are such, otherwise
     * {@code 0x…}. A value that is none of its type, in width or range, is {@code invalid:0x…}; one of an undefined key
     * is {@code 0x…}, or masked if it was sensitive before a {@link LiveTraitRegistry} lost its definition.
     */
    public String format(Traits traits, int key) {
        if (!traits.contains(key)) {
            return null;
        }
        TraitDefinition definition = get(key);
        if (definition == null) {
            boolean isMasked = (masked >>> key & 1) != 0 && traits.length(key) > 0;
            return isMasked ? MASK : ValueFormat.undefined(traits, key);
        }
        boolean isBareFlag = definition.type() == TraitType.FLAG && traits.length(key) == 0;
        return definition.sensitive() && !isBareFlag ? MASK : ValueFormat.format(traits, key, definition);
    }

    /**
     * All traits in key order, like {@link Traits#toString()}: <code>{customer_id=***, debug, 9=0x0102}</code>. A span
     * is named once.
     */
    public String format(Traits traits) {
        StringBuilder text = new StringBuilder("{");
        long named = 0;
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            TraitDefinition definition = byKey[key];
            if ((named >>> key & 1) != 0) {
                continue;
            }
            named |= definition == null ? 0 : definition.keys();
            text.append(text.length() > 1 ? ", " : "").append(label(key));
            String value = format(traits, key);
            if (!value.isEmpty()) {
                text.append('=').append(value);
            }
        }
        return text.append('}').toString();
    }

    @Override
    public String toString() {
        return "TraitRegistry" + byName.keySet();
    }
}
