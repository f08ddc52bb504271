// SPDX-License-Identifier: Apache-2.0
/** Small programs that show how to read and send packet traits. Each is one file that can be read by itself. */
package io.pkttraits.example;
