package io.apus.corpus.jinja;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's two ways of formatting: {@code '%s' % values} and {@code '{}'.format(values)}. */
final class Formats {
    private static final int MAX_WIDTH = 10_000;
    private static final Pattern PERCENT =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{0,6})(?:\\.(\\d{1,6}))?([a-zA-Z%])");
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{([^{}!:]*)(?:!([rs]))?(?::([^{}]*))?\\}");
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[\\]]+)|\\[([^\\]]+)\\]");
    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>^=]))?([-+ ])?(0)?(\\d{0,6})(,)?(?:\\.(\\d{1,6}))?([a-zA-Z%])?");

    private Formats() {}

    static CharSequence percent(CharSequence format, Object given, Context context) {
        Matcher at = PERCENT.matcher(format.toString());
        TextBuilder out = new TextBuilder();
        int start = 0;
        int used = 0;
        while (at.find()) {
            out.append(Text.part(format, start, at.start()));
            start = at.end();
            if (at.group(5).equals("%")) {
                out.append("%");
                continue;
            }
            Object value = at.group(1) != null ? Lookup.item(given, at.group(1)) : positional(given, used++);
            String flags = at.group(2);
            String align = flags.indexOf('-') >= 0 ? "<" : ">";
            String sign = flags.indexOf('+') >= 0 ? "+" : null;
            boolean zeros = flags.indexOf('0') >= 0 && align.equals(">");
            out.append(shown(
                    context,
                    value,
                    zeros ? "0" : " ",
                    align,
                    sign,
                    at.group(3),
                    at.group(4),
                    at.group(5).charAt(0)));
        }
        return out.append(Text.part(format, start, format.length())).build();
    }

    private static Object positional(Object given, int index) {
        if (given instanceof Tuple tuple) {
            if (index >= tuple.size()) {
                throw TemplateFailure.of("not enough values for the format");
            }
            return tuple.get(index);
        }
        return given;
    }

    static CharSequence braces(CharSequence format, Arguments arguments, Context context) {
        Matcher at = FIELD.matcher(format.toString());
        TextBuilder out = new TextBuilder();
        int start = 0;
        int used = 0;
        while (at.find()) {
            out.append(Text.part(format, start, at.start()));
            start = at.end();
            if (at.group(1) == null) {
                out.append(at.group().substring(1));
                continue;
            }
            boolean isAutomatic = at.group(1).isEmpty()
                    || at.group(1).startsWith(".")
                    || at.group(1).startsWith("[");
            Object value = field(isAutomatic ? used++ + at.group(1) : at.group(1), arguments);
            CharSequence text = "r".equals(at.group(2)) ? PythonText.repr(value) : Values.text(value);
            out.append(at.group(3) == null ? text : spec(context, at.group(2) == null ? value : text, at.group(3)));
            Budget.fits(out.length());
        }
        return out.append(Text.part(format, start, format.length())).build();
    }

    private static Object field(String path, Arguments arguments) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        String head = path.substring(0, end);
        boolean isIndex = head.length() < 6 && head.chars().allMatch(Character::isDigit);
        Object value = isIndex ? arguments.required(Integer.parseInt(head), head) : named(arguments.named(), head);
        Matcher step = STEP.matcher(path).region(end, path.length());
        while (step.find()) {
            value = step.group(1) != null ? Lookup.attribute(value, step.group(1)) : Lookup.path(value, step.group(2));
        }
        return value;
    }

    private static Object named(Map<String, Object> named, String name) {
        if (!named.containsKey(name)) {
            throw TemplateFailure.of("format: no value is called '" + name + "'");
        }
        return named.get(name);
    }

    private static CharSequence spec(Context context, Object value, String spec) {
        Matcher parts = SPEC.matcher(spec);
        if (!parts.matches()) {
            throw TemplateFailure.of("format: '" + spec + "' is not a format specification");
        }
        boolean zeros = parts.group(4) != null;
        String align = parts.group(2) != null ? parts.group(2) : zeros || Values.isNumber(value) ? ">" : "<";
        String fill = parts.group(1) != null ? parts.group(1) : zeros ? "0" : " ";
        char kind = parts.group(8) == null ? 's' : parts.group(8).charAt(0);
        CharSequence text = shown(context, value, fill, align, parts.group(3), parts.group(5), parts.group(7), kind);
        return parts.group(6) == null ? text : thousands(text.toString());
    }

    private static String thousands(String number) {
        int point = number.indexOf('.');
        String whole = point < 0 ? number : number.substring(0, point);
        return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + (point < 0 ? "" : number.substring(point));
    }

    private static CharSequence shown(
            Context context,
            Object value,
            String fill,
            String align,
            String sign,
            String width,
            String precision,
            char kind) {
        int digits = precision == null ? -1 : bounded(precision);
        CharSequence text =
                switch (kind) {
                    case 'd', 'i', 'u' -> String.valueOf(wholeOf(value));
                    case 'x' -> Long.toHexString(wholeOf(value));
                    case 'X' -> Long.toHexString(wholeOf(value)).toUpperCase(java.util.Locale.ROOT);
                    case 'o' -> Long.toOctalString(wholeOf(value));
                    case 'b' -> Long.toBinaryString(wholeOf(value));
                    case 'f', 'F' -> fixed(realOf(value), digits < 0 ? 6 : digits);
                    case '%' -> fixed(realOf(value) * 100, digits < 0 ? 6 : digits) + "%";
                    case 'e' ->
                        String.format(java.util.Locale.ROOT, "%." + (digits < 0 ? 6 : digits) + "e", realOf(value));
                    case 'r' -> PythonText.repr(value);
                    case 's' -> cut(Values.text(value), digits);
                    default -> throw TemplateFailure.of("format: '" + kind + "' is not supported");
                };
        boolean isPositive = Values.isNumber(value) && kind != 's' && kind != 'r' && text.charAt(0) != '-';
        CharSequence signed = isPositive && sign != null && !sign.equals("-") ? sign + text : text;
        int total = width == null || width.isEmpty() ? 0 : bounded(width);
        if (fill.equals("0") && align.equals(">") && signed.length() > 0 && "+-".indexOf(signed.charAt(0)) >= 0) {
            return signed.charAt(0)
                    + TextCases.pad(context, Text.part(signed, 1, signed.length()), total - 1, fill, '>')
                            .toString();
        }
        return TextCases.pad(context, signed, total, fill, align.charAt(0) == '=' ? '>' : align.charAt(0));
    }

    private static CharSequence cut(CharSequence text, int length) {
        return length < 0 || length >= CodePoints.length(text)
                ? text
                : Text.part(text, 0, CodePoints.offset(text, length));
    }

    private static String fixed(double value, int digits) {
        return Double.isFinite(value)
                ? new java.math.BigDecimal(value)
                        .setScale(Math.min(digits, 300), java.math.RoundingMode.HALF_EVEN)
                        .toPlainString()
                : Numbers.repr(value);
    }

    private static int bounded(String digits) {
        return Math.min(MAX_WIDTH, Integer.parseInt(digits));
    }

    private static long wholeOf(Object value) {
        return Numbers.isWhole(value) ? Numbers.whole(value) : (long) realOf(value);
    }

    private static double realOf(Object value) {
        if (!Values.isNumber(value)) {
            throw TemplateFailure.of("format: a number is needed, found a " + Values.typeName(value));
        }
        return Numbers.real(value);
    }
}
