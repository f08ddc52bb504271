// SPDX-License-Identifier: Apache-2.0
#ifndef RELOCATED_CLASS_H
#define RELOCATED_CLASS_H

#include <jni.h>

/*
 * Returns the class of that original name, whatever package a shading tool has moved it to, or NULL with a Java
 * exception pending. Called from JNI_OnLoad.
 */
jclass find_relocated_class(JNIEnv *env, const char *name);

#endif
