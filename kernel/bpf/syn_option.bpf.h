/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The option in a SYN.
 *
 *  0        1        2        3        4
 *  +--------+--------+--------+--------+--------+--------+-----...-----+
 *  |  254   | length |  'T'   |  'R'   |  key   |  size  |    value    |  more TLVs
 *  +--------+--------+--------+--------+--------+--------+-----...-----+
 *
 * One TLV per trait, keys strictly ascending, size 0 (flag), 2, 4, 8 or 16; or key 0xff, size 8
 * alone: a ticket.
 */
#ifndef TRAITS_SYN_OPTION_BPF_H
#define TRAITS_SYN_OPTION_BPF_H

#define SYN_OPT_KIND 254
#define SYN_OPT_EXID0 'T'
#define SYN_OPT_EXID1 'R'

#define TCPOPT_EOL 0
#define TCPOPT_NOP 1
#define TCP_SOURCE 0
#define TCP_SEQ 4
#define TCP_HEAD 20
#define TCP_HEAD_MAX 60
#define TCP_FLAG_SYN 0x02
#define TCP_FLAG_ACK 0x10

#endif
