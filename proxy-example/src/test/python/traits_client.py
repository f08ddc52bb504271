# SPDX-License-Identifier: Apache-2.0
"""traits_client.py CARRIER HOST PORT CUSTOMER_ID...: a TCP client that uses only setsockopt(2). It opens one connection for each
customer, all at the same time, sends a line over each connection and prints the line that comes back."""

import socket
import struct
import sys

CUSTOMER_ID = 4
PRIORITY = 5
SHARD = 20

TCP_SYN_TRAITS = {"kernel": 45, "bpf": 0x5402}
PKT_TRAIT = struct.Struct("=BBBBI16s")  # _zpad_1, key, len, io_err, _zpad_2, val
IP_OPTIONS = 4
EXPERIMENTAL_OPTION = 0x9E


def connect(carrier, address, traits):
    sock = socket.socket()
    if carrier in TCP_SYN_TRAITS:
        array = b"".join(PKT_TRAIT.pack(0, key, len(value), 0, 0, value) for key, value in traits.items())
        sock.setsockopt(socket.IPPROTO_TCP, TCP_SYN_TRAITS[carrier], array)
        sock.connect(address)
    else:
        tlvs = b"TR" + b"".join(bytes([key, len(value)]) + value for key, value in traits.items())
        option = bytes([EXPERIMENTAL_OPTION, 2 + len(tlvs)]) + tlvs
        sock.setsockopt(socket.IPPROTO_IP, IP_OPTIONS, option + bytes(-len(option) % 4))
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_IP, IP_OPTIONS, b"")  # only the handshake carries traits
    return sock


carrier, host, port, *customers = sys.argv[1:]
connections = [
    connect(
        carrier,
        (host, int(port)),
        {CUSTOMER_ID: struct.pack("=I", int(customer)), PRIORITY: struct.pack("=H", number), SHARD: b"8 bytes!"},
    )
    for number, customer in enumerate(customers, 1)
]
for connection, customer in zip(connections, customers):
    connection.sendall(b"hello from customer %s\n" % customer.encode())
for connection, customer in zip(connections, customers):
    with connection.makefile("r") as lines:
        print("customer_id=%s received: %s" % (customer, lines.readline()), end="", flush=True)
