// SPDX-License-Identifier: Apache-2.0
/** The access log ({@code AccessLog}), the counts of requests, and the log converters that {@code logback.xml} refers to. */
package io.pkttraits.proxy.log;
