/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The BPF objects that are part of this program.
 */
#ifndef TRAITS_OBJECT_H
#define TRAITS_OBJECT_H

#define EMBED(name, file) \
	__asm__(".section .rodata\n" \
		".balign 16\n" \
		#name ": .incbin \"" TRAITS_OBJECTS "/" file "\"\n" \
		#name "_end:\n" \
		".previous\n"); \
	extern const char name[], name##_end[]

struct bpf_object;

struct bpf_object *object_open(const char *from, const char *end);
/* Before the object is loaded: makes it use the map under that pin. */
int object_share(struct bpf_object *object, const char *map, const char *pin);

#endif
