// SPDX-License-Identifier: Apache-2.0

/** The command line: options that several programs share, and the errors that they print in one line. */
package io.pkttraits.proxy.cli;
