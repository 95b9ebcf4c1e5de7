package io.apus.corpus.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Filters over numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static Object abs(Context context, Object value, Arguments arguments) {
        if (!Values.isNumber(value)) {
            throw TemplateFailure.of("'abs' needs a number, found a " + Values.typeName(value));
        }
        return Numbers.isWhole(value)
                ? (Object) Math.abs(Numbers.whole(value))
                : (Object) Math.abs(Numbers.real(value));
    }

    static Object whole(Context context, Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0L);
        int base = arguments.integer(1, "base", 10);
        if (Values.isNumber(value)) {
            double real = Numbers.real(value);
            return Numbers.isWhole(value)
                    ? (Object) Numbers.whole(value)
                    : Double.isFinite(real) ? (Object) (long) real : otherwise;
        }
        if (!(value instanceof CharSequence text) || base < 2 || base > 36) {
            return otherwise;
        }
        String digits = text.toString().strip().replace("_", "");
        try {
            return Long.valueOf(base == 16 ? digits.replaceFirst("^0[xX]", "") : digits, base);
        } catch (NumberFormatException notWhole) {
            Double real = parse(digits);
            return real == null || !Double.isFinite(real) ? otherwise : (Object) (long) (double) real;
        }
    }

    static Object real(Context context, Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0.0);
        if (Values.isNumber(value)) {
            return Numbers.real(value);
        }
        Double parsed =
                value instanceof CharSequence text ? parse(text.toString().strip()) : null;
        return parsed == null ? otherwise : parsed;
    }

    private static Double parse(String digits) {
        boolean isDecimal = digits.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
        return isDecimal ? Double.valueOf(digits) : null;
    }

    /** Halves go to the even neighbour for "common", as Python rounds. */
    static Object round(Context context, Object value, Arguments arguments) {
        int precision = arguments.integer(0, "precision", 0);
        RoundingMode mode =
                switch (Values.text(arguments.get(1, "method", "common")).toString()) {
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> RoundingMode.HALF_EVEN;
                };
        if (!Values.isNumber(value) || precision > 300 || precision < -300) {
            throw TemplateFailure.of("'round' needs a number and a precision within 300 digits");
        }
        if (Numbers.isWhole(value) && mode == RoundingMode.HALF_EVEN) {
            return BigDecimal.valueOf(Numbers.whole(value))
                    .setScale(precision, mode)
                    .longValue();
        }
        double real = Numbers.real(value);
        return Double.isFinite(real)
                ? new BigDecimal(real).setScale(precision, mode).doubleValue()
                : real;
    }

    static Object sum(Context context, Object value, Arguments arguments) {
        Object attribute = arguments.get(0, "attribute", null);
        Object total = arguments.get(1, "start", 0L);
        for (Object item : Values.items(value)) {
            total = Operators.apply("+", total, attribute == null ? item : Lookup.path(item, attribute), context);
        }
        return total;
    }
}
