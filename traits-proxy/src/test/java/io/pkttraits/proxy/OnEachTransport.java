// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** A class of tests that runs once on each transport, and has a {@code @Parameter} for it; {@link EachTransport} for classes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@ArgumentsSource(EachTransport.Source.class)
public @interface OnEachTransport {}
