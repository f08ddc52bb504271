// SPDX-License-Identifier: Apache-2.0
/*
 * SipHash-2-4 against a vector of its authors: key 00 01 .. 0f, input 00 01 .. 07.
 */
#include "../../conformance/tap.h"
#include "../siphash.h"

static void siphash_of_8_bytes(void)
{
	CHECK(siphash_u64(0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL, 0x0706050403020100ULL) ==
	      0x93f5f5799a932462ULL);
}

int main(void)
{
	RUN(siphash_of_8_bytes);
	return tap_end();
}
