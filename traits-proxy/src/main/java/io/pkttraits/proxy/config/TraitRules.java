// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.policy.TraitsPolicy;

/**
 * What keys are called, and the policy that may be written with these names: both of one moment.
 *
 * @param names names and types of trait keys
 * @param policy which traits are taken, go on, and tell upstream connections apart
 */
public record TraitRules(TraitRegistry names, TraitsPolicy policy) {}
