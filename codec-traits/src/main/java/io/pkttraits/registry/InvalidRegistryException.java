// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The files cannot be read or are no registry: the one error of loading, with everything that is wrong. */
public final class InvalidRegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // List.copyOf makes serializable lists
    private final List<RegistryError> errors;

    InvalidRegistryException(List<RegistryError> errors) {
        super(errors.stream().map(RegistryError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** What is wrong, at least one thing, file by file. */
    public List<RegistryError> errors() {
        return errors;
    }
}
