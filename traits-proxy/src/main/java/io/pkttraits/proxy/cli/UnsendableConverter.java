// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.transport.UnsendablePolicy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code fail} or {@code drop}. */
public final class UnsendableConverter implements ITypeConverter<UnsendablePolicy> {
    @Override
    public UnsendablePolicy convert(String text) {
        return switch (text) {
            case "fail" -> UnsendablePolicy.FAIL;
            case "drop" -> UnsendablePolicy.DROP;
            default -> throw new TypeConversionException("'" + text + "' is neither fail nor drop");
        };
    }
}
