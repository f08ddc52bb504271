// SPDX-License-Identifier: Apache-2.0

/** Rules about traits: which are accepted from whom, which are forwarded, and which tell upstream connections apart. */
package io.pkttraits.transport.policy;
