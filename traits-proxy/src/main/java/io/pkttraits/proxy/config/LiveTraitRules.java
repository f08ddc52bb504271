// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.registry.InvalidRegistryException;
import io.pkttraits.registry.LiveTraitRegistry;
import io.pkttraits.registry.RegistryListener;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rules of the newest files of names. A change of names is taken only if the policy can still be written with them; else names
 * and policy both stay. {@code get} is a volatile read, from any thread.
 */
public final class LiveTraitRules implements Supplier<TraitRules>, Closeable {
    private final ConfigFile file;
    private final ForwardFilter filter;
    private final LiveTraitRegistry names;
    private volatile TraitRules rules;

    private LiveTraitRules(ConfigFile file, ForwardFilter filter, List<Path> registry)
            throws ConfigException, InvalidRegistryException {
        this.file = file;
        this.filter = filter;
        names = registry.isEmpty() ? null : LiveTraitRegistry.watch(registry, new Names());
        try {
            take();
        } catch (ConfigException e) {
            try {
                close();
            } catch (IOException atClose) {
                e.addSuppressed(atClose);
            }
            throw e;
        }
    }

    /**
     * Reads the rules, and follows the names for as long as the process lives.
     *
     * @param filter instead of the file's forward rules, or {@code null}
     * @param registry files and directories of names instead of those that the file says; empty for the file's own
     */
    static LiveTraitRules open(ConfigFile file, ForwardFilter filter, List<Path> registry)
            throws ConfigException, InvalidRegistryException {
        if (!registry.isEmpty()) {
            return new LiveTraitRules(file, filter, registry);
        }
        List<Path> ofFile = PolicyReader.registry(file);
        try {
            return new LiveTraitRules(file, filter, ofFile);
        } catch (InvalidRegistryException e) {
            throw file.error(
                    file.root(), PolicyReader.REGISTRY, e.errors().get(0).toString());
        }
    }

    @Override
    public TraitRules get() {
        return rules;
    }

    /** The policy as of now. */
    public TraitsPolicy policy() {
        return rules.policy();
    }

    /** What follows the files of names; {@code null} if there are none. */
    public LiveTraitRegistry names() {
        return names;
    }

    /** Follows the names no more; the last rules stay. */
    @Override
    public void close() throws IOException {
        if (names != null) {
            names.close();
        }
    }

    private TraitsPolicy policyWith(TraitRegistry registry) throws ConfigException {
        return PolicyReader.read(file, filter, registry);
    }

    /** The first call and one for a change may meet; the later one sees the newest names. */
    private synchronized void take() throws ConfigException {
        TraitRegistry newest = names == null ? TraitRegistry.EMPTY : names.get();
        rules = new TraitRules(newest, policyWith(newest));
    }

    private final class Names implements RegistryListener {
        @Override
        public void check(TraitRegistry fresh) {
            try {
                policyWith(fresh);
            } catch (ConfigException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public void reloaded(TraitRegistry fresh) {
            try {
                take();
            } catch (ConfigException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
