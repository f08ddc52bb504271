# SPDX-License-Identifier: Apache-2.0
"""raw_client.py CARRIER HOST PORT COUNT SEED: asks over COUNT connections with random traits, and compares the answers."""

import random
import socket
import sys

import randomtraits
import rawtraits


def get(address, family, carrier, traits):
    with socket.socket(family) as sock:
        rawtraits.send(sock, carrier, traits)
        sock.connect(address)
        rawtraits.sent(sock, carrier, traits)
        sock.sendall(b"GET / HTTP/1.1\r\nHost: raw\r\nConnection: close\r\n\r\n")
        with sock.makefile("rb") as response:
            head, _, body = response.read().partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        sys.exit("%s: %s" % (traits, head))
    return body.decode()


carrier, host, port, count, seed = sys.argv[1:]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
rng = random.Random(int(seed))
same = traits_seen = 0
for _ in range(int(count)):
    traits = randomtraits.random_set(rng, carrier, family)
    upstream_saw = get((host, int(port)), family, carrier, traits)
    if upstream_saw != rawtraits.to_text(traits):
        sys.exit("client set:\n%supstream saw:\n%s" % (rawtraits.to_text(traits), upstream_saw))
    same += 1
    traits_seen += len(traits)
print("%d sets of %d traits" % (same, traits_seen))
