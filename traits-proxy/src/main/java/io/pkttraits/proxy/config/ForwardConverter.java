// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link ForwardFilter}. */
final class ForwardConverter implements ITypeConverter<ForwardFilter> {
    @Override
    public ForwardFilter convert(String text) {
        try {
            return ForwardFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
