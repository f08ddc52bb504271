// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** Options from a configuration file, where {@code max-connections = 64} stands for {@code --max-connections 64}. */
final class ConfigDefaults implements IDefaultValueProvider {
    private final Map<ArgSpec, String> values = new HashMap<>();

    /** Takes the file's values for the options of {@code spec}; throws for what is no option, and for what the option does not take. */
    ConfigDefaults(ConfigFile file, CommandSpec spec) throws ConfigException {
        TomlTable root = file.root();
        for (String key : root.keySet()) {
            if (PolicyReader.isOfPolicy(key, root.get(List.of(key)))) {
                continue;
            }
            OptionSpec option = spec.findOption("--" + key);
            if (option == null || option.usageHelp() || option.versionHelp() || key.equals(ConfigOption.KEY)) {
                throw file.error(root, key, "'" + key + "' is no option of " + spec.name());
            }
            if (root.get(List.of(key)) instanceof TomlArray array && array.isEmpty()) {
                throw file.error(root, key, key + ": an empty list");
            }
            String value = String.join(",", file.strings(root, key));
            check(file, option, key, value);
            values.put(option, value);
        }
    }

    private static void check(ConfigFile file, OptionSpec option, String key, String value) throws ConfigException {
        if (option.arity().max() == 0 && !value.equals("true") && !value.equals("false")) {
            throw file.error(file.root(), key, key + ": expected true or false");
        }
        for (ITypeConverter<?> converter : option.converters()) {
            try {
                converter.convert(value);
            } catch (TypeConversionException e) {
                throw file.error(file.root(), key, key + ": " + e.getMessage());
            } catch (Exception e) {
                throw file.error(file.root(), key, key + ": " + e);
            }
        }
    }

    @Override
    public String defaultValue(ArgSpec option) {
        return values.get(option);
    }
}
