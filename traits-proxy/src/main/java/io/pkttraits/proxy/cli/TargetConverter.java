// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.net.HostPort;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads HOST:PORT of something to connect to. */
public final class TargetConverter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
        HostPort address = new AddressConverter().convert(text);
        if (address.port() == 0) {
            throw new TypeConversionException("'" + text + "' has port 0, to which nothing can connect");
        }
        return address;
    }
}
