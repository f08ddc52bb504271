# SPDX-License-Identifier: Apache-2.0
"""Sets of traits that a carrier has room for."""

import socket

import rawtraits

SIZES = (2, 4, 8, 16)


def fits(traits, carrier, family):
    if carrier in rawtraits.NUMBERS:
        return sum(map(len, traits.values())) <= 200
    return len(rawtraits.tlvs(traits)) <= (36 if family == socket.AF_INET else 253)


def random_set(rng, carrier, family):
    traits = {}
    # The RFC's kernel keeps flags for the future.
    sizes = SIZES if carrier == "kernel" else (0, *SIZES)
    for key in rng.sample(range(rawtraits.KEYS), rng.randint(0, rawtraits.KEYS)):
        more = {**traits, key: rng.randbytes(rng.choice(sizes))}
        if not fits(more, carrier, family):
            break
        traits = more
    return traits
