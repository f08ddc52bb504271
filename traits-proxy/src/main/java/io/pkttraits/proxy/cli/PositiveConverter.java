// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a count or a size of 1..99,999,999. */
public final class PositiveConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (text.matches("[0-9]{1,8}")) {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        }
        throw new TypeConversionException("'" + text + "' is not a number of 1..99999999");
    }
}
