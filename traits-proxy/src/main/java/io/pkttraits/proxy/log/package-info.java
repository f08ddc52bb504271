// SPDX-License-Identifier: Apache-2.0
/** How the program's log is written; named by {@code logback.xml}. */
package io.pkttraits.proxy.log;
