/* SPDX-License-Identifier: Apache-2.0 */
/* The version in the project's top-level pom.xml; a case of test/run compares the two. */
#ifndef TRAITS_VERSION_H
#define TRAITS_VERSION_H

#define TRAITS_VERSION "0.1.0-SNAPSHOT"

#endif
