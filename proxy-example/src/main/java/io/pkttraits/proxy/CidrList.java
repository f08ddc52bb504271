// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.util.NetUtil;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Checks the form of {@code CIDR,…}, so that a mistake is found where it was made. The carrier reads the list itself. */
final class CidrList implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        for (String cidr : text.split(",", -1)) {
            check(cidr.trim());
        }
        return text;
    }

    private static void check(String cidr) {
        int slash = cidr.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? cidr : cidr.substring(0, slash));
        if (address == null) {
            throw new TypeConversionException("'" + cidr + "' is not ADDRESS or ADDRESS/PREFIX");
        }
        int bits = address.length * Byte.SIZE;
        String prefix = slash < 0 ? String.valueOf(bits) : cidr.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
            throw new TypeConversionException("'" + cidr + "' has a prefix that is not a number of 0.." + bits);
        }
    }
}
