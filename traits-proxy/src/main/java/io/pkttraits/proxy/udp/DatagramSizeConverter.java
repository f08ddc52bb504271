// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the size of a payload: 1..65,527 bytes, the most that a UDP datagram over IPv6 has without jumbograms (RFC 2675). */
final class DatagramSizeConverter implements ITypeConverter<Integer> {
    private static final int LARGEST = 0xffff - 8;

    @Override
    public Integer convert(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int size = Integer.parseInt(text);
            if (size > 0 && size <= LARGEST) {
                return size;
            }
        }
        throw new TypeConversionException("'" + text + "' is not a size of 1.." + LARGEST);
    }
}
