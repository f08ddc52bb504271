// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The files cannot be read or are no registry: the one error of loading, whose message has the first 20 things that are wrong. */
public final class InvalidRegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_SAID = 20;

    @SuppressWarnings("serial") // List.copyOf makes serializable lists
    private final List<RegistryError> errors;

    InvalidRegistryException(List<RegistryError> errors) {
        super(errors.stream().limit(MAX_SAID).map(RegistryError::toString).collect(Collectors.joining("\n"))
                + (errors.size() > MAX_SAID ? "\nand " + (errors.size() - MAX_SAID) + " more" : ""));
        this.errors = List.copyOf(errors);
    }

    /** All that is wrong, at least one thing, file by file. */
    public List<RegistryError> errors() {
        return errors;
    }
}
