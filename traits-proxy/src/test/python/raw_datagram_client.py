# SPDX-License-Identifier: Apache-2.0
"""raw_datagram_client.py CARRIER HOST PORT COUNT SEED: sends COUNT datagrams with random traits and payloads, so many at a time as a
receiver keeps up with, and compares what raw_datagram_upstream.py answers. Each must be answered once."""

import random
import sys

import randomtraits
import rawdatagrams
import rawtraits

WINDOW = 32
PATIENCE_SECONDS = 20

carrier, host, port, count, seed = sys.argv[1:]
count = int(count)
rng = random.Random(int(seed))
sock = rawdatagrams.open_socket(host, carrier)
sock.connect((host, int(port)))
sock.settimeout(PATIENCE_SECONDS)
relay = sock.getpeername()
outstanding = {}
sent = answered = there = back = 0


def check(payload, traits):
    came, goes, payload = payload.split(b"\0", 2)
    number = int.from_bytes(payload[:4], "big")
    expected, expected_payload = outstanding.pop(number)
    if payload != expected_payload:
        sys.exit("datagram %d: sent %r, came back %r" % (number, expected_payload, payload))
    if came.decode() != rawtraits.to_text(expected):
        sys.exit("datagram %d: client set\n%supstream saw\n%s" % (number, rawtraits.to_text(expected), came.decode()))
    if goes.decode() != rawtraits.to_text(traits):
        sys.exit("datagram %d: upstream set\n%sclient saw\n%s" % (number, goes.decode(), rawtraits.to_text(traits)))
    return len(expected)


while answered < count:
    while sent < count and len(outstanding) < WINDOW:
        traits = randomtraits.random_set(rng, carrier, sock.family)
        payload = sent.to_bytes(4, "big") + rng.randbytes(rng.choice((0, 1, 60, 1400)))
        outstanding[sent] = traits, payload
        rawdatagrams.send(sock, payload, traits, relay, carrier)
        sent += 1
    try:
        payload, traits, _ = rawdatagrams.receive(sock)
    except TimeoutError:
        sys.exit("lost: %s" % sorted(outstanding))
    there += check(payload, traits)
    back += len(traits)
    answered += 1
print("%d datagrams, %d traits there, %d back" % (answered, there, back))
