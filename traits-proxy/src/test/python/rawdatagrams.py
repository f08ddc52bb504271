# SPDX-License-Identifier: Apache-2.0
"""Datagrams with traits by sendmsg(2) and recvmsg(2) alone, in the form of the carrier ip-option or kernel."""

import socket

import rawtraits

IP_RECVOPTS = 6
IP_RETOPTS = 7
IPV6_RECVDSTOPTS = 58
IPV6_DSTOPTS = 59

SO_RCV_PKT_TRAITS = 82
SCM_PKT_TRAITS = 83

MAX_PAYLOAD = 65535


def open_socket(host, carrier):
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    if carrier == "kernel":
        sock.setsockopt(socket.SOL_SOCKET, SO_RCV_PKT_TRAITS, 1)
    elif sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVOPTS, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1)
    return sock


def receive(sock):
    """(payload, traits, sender)"""
    payload, cmsgs, flags, sender = sock.recvmsg(MAX_PAYLOAD, 4096)
    if flags & (socket.MSG_CTRUNC | socket.MSG_TRUNC):
        raise OSError("truncated, flags %#x" % flags)
    traits = {}
    for level, kind, data in cmsgs:
        if (level, kind) == (socket.IPPROTO_IP, IP_RECVOPTS):
            traits.update(rawtraits.from_options(data, rawtraits.OPTION_IPV4, whole_length=2))
        elif (level, kind) == (socket.IPPROTO_IPV6, IPV6_DSTOPTS):
            traits.update(rawtraits.from_options(data[2:], rawtraits.OPTION_IPV6, whole_length=0))
        elif (level, kind) == (socket.SOL_SOCKET, SCM_PKT_TRAITS):
            traits.update(rawtraits.from_array(data))
    return payload, traits, sender


def send(sock, payload, traits, to, carrier):
    if not traits:
        sock.sendto(payload, to)
    elif carrier == "kernel":
        sock.sendmsg([payload], [(socket.SOL_SOCKET, SCM_PKT_TRAITS, rawtraits.to_array(traits))], 0, to)
    else:
        send_tlvs(sock, payload, rawtraits.tlvs(traits), to)


def send_tlvs(sock, payload, tlvs, to):
    """The TLVs may be anything."""
    if sock.family == socket.AF_INET:
        cmsg = (socket.IPPROTO_IP, IP_RETOPTS, rawtraits.ipv4_options(tlvs))
    else:
        cmsg = (socket.IPPROTO_IPV6, IPV6_DSTOPTS, rawtraits.ipv6_options_header(tlvs))
    sock.sendmsg([payload], [cmsg], 0, to)
