// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the upstream speaks. */
public enum UpstreamProtocol {
    /** HTTP/1.1. */
    H1,
    /** HTTP/2 without TLS, by prior knowledge (RFC 9113 section 3.3). */
    H2C;

    /** Reads the option. */
    public static final class Converter implements ITypeConverter<UpstreamProtocol> {
        @Override
        public UpstreamProtocol convert(String text) {
            return switch (text) {
                case "h1" -> H1;
                case "h2c" -> H2C;
                default -> throw new TypeConversionException("'" + text + "' is neither h1 nor h2c");
            };
        }
    }
}
