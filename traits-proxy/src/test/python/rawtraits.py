# SPDX-License-Identifier: Apache-2.0
"""Traits by setsockopt and getsockopt alone: a set is a dict of key -> bytes, b"" for a flag."""

import ctypes
import os
import socket
import struct

SOL_TCP = 6
TCP_SAVE_SYN = 27
TCP_SAVED_SYN = 28
IP_OPTIONS = 4
IPV6_DSTOPTS = 59

# (TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS)
NUMBERS = {"kernel": (44, 45), "bpf": (0x5401, 0x5402)}

PKT_TRAIT = struct.Struct("=BBBBI16s")  # _zpad_1, key, len, io_err, _zpad_2, val
FLAG = 0xFF
KEYS = 64

OPTION_IPV4 = 0x9E
OPTION_IPV6 = 0x1E
EXPERIMENT = b"TR"

libc = ctypes.CDLL(None, use_errno=True)


def save(listener, carrier):
    """Before listen: keep what the SYNs bring."""
    number = NUMBERS[carrier][0] if carrier in NUMBERS else TCP_SAVE_SYN
    listener.setsockopt(SOL_TCP, number, 1)


def send(sock, carrier, traits):
    """Before connect: what the SYN carries."""
    if not traits:
        return
    if carrier in NUMBERS:
        sock.setsockopt(SOL_TCP, NUMBERS[carrier][1], to_array(traits))
    elif sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, IP_OPTIONS, ipv4_options(tlvs(traits)))
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_DSTOPTS, ipv6_options_header(tlvs(traits)))


def sent(sock, carrier, traits):
    """After connect: packets carry nothing any more."""
    if traits and carrier not in NUMBERS:
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_IP, IP_OPTIONS, b"")
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_DSTOPTS, b"")


def received(sock, carrier):
    """What the SYN of an accepted connection brought."""
    if carrier in NUMBERS:
        return received_array(sock, NUMBERS[carrier][1])
    return from_syn(sock.getsockopt(SOL_TCP, TCP_SAVED_SYN, 1024))


def received_array(sock, number):
    # Keys go in by the buffer that values come out by, so socket.getsockopt will not do.
    array = ctypes.create_string_buffer(
        b"".join(PKT_TRAIT.pack(0, key, 0, 0, 0, b"") for key in range(KEYS)), KEYS * PKT_TRAIT.size
    )
    length = ctypes.c_uint32(len(array))
    if libc.getsockopt(sock.fileno(), SOL_TCP, number, array, ctypes.byref(length)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return from_array(array.raw[: length.value])


def to_array(traits):
    return b"".join(PKT_TRAIT.pack(0, key, len(value) or FLAG, 0, 0, value) for key, value in traits.items())


def from_array(array):
    traits = {}
    for _, key, size, io_err, _, value in PKT_TRAIT.iter_unpack(array):
        if io_err:
            raise OSError(io_err, "key %d" % key)
        if size:
            traits[key] = b"" if size == FLAG else value[:size]
    return traits


def from_syn(syn):
    if syn[0] >> 4 == 4:
        return from_options(syn[20 : (syn[0] & 15) * 4], OPTION_IPV4, whole_length=2)
    if syn[6] == 60:
        return from_options(syn[42 : 40 + 8 * (syn[41] + 1)], OPTION_IPV6, whole_length=0)
    return {}


def from_options(options, wanted, whole_length):
    """IPv4 counts an option's two first bytes in its length, IPv6 does not."""
    at = 0
    while at < len(options):
        kind = options[at]
        if kind == 0 and whole_length:
            break
        if kind == 0 or (kind == 1 and whole_length):
            at += 1
            continue
        end = at + 2 - whole_length + options[at + 1]
        if kind == wanted and options[at + 2 : at + 4] == EXPERIMENT:
            return from_tlvs(options[at + 4 : end])
        at = end
    return {}


def ipv4_options(tlvs):
    body = EXPERIMENT + tlvs
    option = bytes([OPTION_IPV4, 2 + len(body)]) + body
    return option + bytes(-len(option) % 4)


def ipv6_options_header(tlvs):
    body = EXPERIMENT + tlvs
    header = bytes([0, 0, OPTION_IPV6, len(body)]) + body
    gap = -len(header) % 8
    header += b"\0" if gap == 1 else bytes([1, gap - 2]) + bytes(gap - 2) if gap else b""
    return bytes([0, len(header) // 8 - 1]) + header[2:]


def tlvs(traits):
    return b"".join(bytes([key, len(value)]) + value for key, value in sorted(traits.items()))


def from_tlvs(data):
    traits = {}
    while data:
        key, size = data[0], data[1]
        traits[key] = data[2 : 2 + size]
        data = data[2 + size :]
    return traits


def to_text(traits):
    return "".join("%d=%s\n" % (key, value.hex()) for key, value in sorted(traits.items()))
