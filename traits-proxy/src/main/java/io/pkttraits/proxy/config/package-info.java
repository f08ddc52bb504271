// SPDX-License-Identifier: Apache-2.0

/** What a program of this module is to do, from options and from {@code --config}: upstream, limits, rules about traits. */
package io.pkttraits.proxy.config;
