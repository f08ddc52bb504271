// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.proxy.net.IoTransport;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** A test that runs once on each transport, and takes an {@link IoTransport}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@ArgumentsSource(EachTransport.Source.class)
public @interface EachTransport {
    /** All transports, or with {@code -Dio.pkttraits.test.transport} the one of that name. */
    final class Source implements ArgumentsProvider {
        public static Stream<IoTransport> transports() {
            String only = System.getProperty("io.pkttraits.test.transport", "");
            return Stream.of(IoTransport.values())
                    .filter(transport -> only.isEmpty() || transport.name().equalsIgnoreCase(only));
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return transports().map(Arguments::of);
        }
    }
}
