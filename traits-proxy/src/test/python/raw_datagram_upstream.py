# SPDX-License-Identifier: Apache-2.0
"""raw_datagram_upstream.py CARRIER HOST SEED: answers each datagram with random traits and, as text, those that came and those that go,
in front of the payload that came. An empty datagram is answered with an empty one."""

import random
import sys

import randomtraits
import rawdatagrams
import rawtraits

carrier, host, seed = sys.argv[1:]
rng = random.Random(int(seed))
sock = rawdatagrams.open_socket(host, carrier)
sock.bind((host, 0))
print(sock.getsockname()[1], flush=True)
while True:
    payload, came, sender = rawdatagrams.receive(sock)
    goes = randomtraits.random_set(rng, carrier, sock.family)
    if payload:
        texts = rawtraits.to_text(came), rawtraits.to_text(goes)
        payload = b"\0".join([*(text.encode() for text in texts), payload])
    rawdatagrams.send(sock, payload, goes, sender, carrier)
