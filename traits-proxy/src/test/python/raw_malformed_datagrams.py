# SPDX-License-Identifier: Apache-2.0
"""raw_malformed_datagrams.py HOST PORT: sends a datagram with each kind of broken TLVs, and prints how the upstream saw its traits."""

import sys

import rawdatagrams

BROKEN = {
    "truncated": bytes([4, 8, 1, 2]),
    "odd size": bytes([4, 3, 1, 2, 3]),
    "key 64": bytes([64, 2, 1, 2]),
    "not ascending": bytes([9, 0, 4, 0]),
    "repeated": bytes([4, 0, 4, 0]),
    "half a head": bytes([4]),
}

host, port = sys.argv[1:]
sock = rawdatagrams.open_socket(host, "ip-option")
sock.connect((host, int(port)))
sock.settimeout(20)
for name, tlvs in BROKEN.items():
    rawdatagrams.send_tlvs(sock, name.encode(), tlvs, sock.getpeername())
    came, _, payload = rawdatagrams.receive(sock)[0].split(b"\0", 2)
    print("%s: %r" % (payload.decode(), came.decode()))
