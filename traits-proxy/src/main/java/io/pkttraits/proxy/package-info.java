// SPDX-License-Identifier: Apache-2.0

/** The program {@code traits-proxy}: parses the command line, starts the listeners with the packages below, and shuts down in order. */
package io.pkttraits.proxy;
