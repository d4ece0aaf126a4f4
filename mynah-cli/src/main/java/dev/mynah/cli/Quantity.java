package dev.mynah.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A positive number as people write it: {@code 175B}, {@code 1.3e9}, {@code 500k}. */
record Quantity(double value) {

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?(?:[eE]\\+?\\d{1,2})?)([kKmMbBgGtT]?)");
    private static final Map<String, Double> FACTORS =
            Map.of("", 1.0, "k", 1e3, "m", 1e6, "b", 1e9, "g", 1e9, "t", 1e12);

    /** For options. */
    static final class Converter implements ITypeConverter<Quantity> {
        @Override
        public Quantity convert(String text) {
            Matcher form = FORM.matcher(text);
            double value = form.matches()
                    ? Double.parseDouble(form.group(1))
                            * Objects.requireNonNull(FACTORS.get(form.group(2).toLowerCase(Locale.ROOT)))
                    : 0;
            if (!(value >= 1 && value < 1e18)) {
                throw new TypeConversionException(
                        "\"" + text + "\" is not a number from 1 to 1e18 such as 7000000, 1.3e9, 175B or 15T");
            }
            return new Quantity(value);
        }
    }
}
