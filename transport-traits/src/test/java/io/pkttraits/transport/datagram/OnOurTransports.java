// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of a {@link DatagramTransport}, run on each that has traits. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(names = {"EPOLL", "IO_URING"})
public @interface OnOurTransports {}
