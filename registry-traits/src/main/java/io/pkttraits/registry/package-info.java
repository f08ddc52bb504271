// SPDX-License-Identifier: Apache-2.0

/** Names and types of trait keys: from files, watched for changes, and claimed among the processes of a host. */
package io.pkttraits.registry;
