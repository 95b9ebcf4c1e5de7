package io.apus.corpus.jinja;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters over strings. */
final class TextFilters {
    private static final Pattern WORD_START = Pattern.compile("[-\\s({\\[<]+");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static Object string(Context context, Object value, Arguments arguments) {
        return Values.text(value);
    }

    static Object upper(Context context, Object value, Arguments arguments) {
        return Text.upper(Values.text(value));
    }

    static Object lower(Context context, Object value, Arguments arguments) {
        return Text.lower(Values.text(value));
    }

    static Object trim(Context context, Object value, Arguments arguments) {
        return Text.strip(Values.text(value), arguments.textOrNull(0, "chars"), true, true);
    }

    static Object capitalize(Context context, Object value, Arguments arguments) {
        return TextCases.capitalize(Values.text(value));
    }

    /** Upper case after spaces and opening brackets; not after an apostrophe, unlike the method {@code title()}. */
    static Object title(Context context, Object value, Arguments arguments) {
        CharSequence text = Values.text(value);
        Matcher between = WORD_START.matcher(text.toString());
        TextBuilder out = new TextBuilder();
        int start = 0;
        while (between.find()) {
            out.append(TextCases.capitalize(Text.part(text, start, between.start())));
            out.append(Text.part(text, between.start(), between.end()));
            start = between.end();
        }
        return out.append(TextCases.capitalize(Text.part(text, start, text.length())))
                .build();
    }

    static Object replace(Context context, Object value, Arguments arguments) {
        int count = arguments.integer(2, "count", -1);
        return TextSearch.replace(
                context, Values.text(value), arguments.text(0, "old"), arguments.text(1, "new"), count);
    }

    static Object escape(Context context, Object value, Arguments arguments) {
        return Text.map(Values.text(value), piece -> piece.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;"));
    }

    static Object format(Context context, Object value, Arguments arguments) {
        Object given = arguments.named().isEmpty() ? new Tuple(arguments.positional()) : arguments.named();
        return Formats.percent(Values.text(value), given, context);
    }

    static Object indent(Context context, Object value, Arguments arguments) {
        Object width = arguments.get(0, "width", 4L);
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        String margin = width instanceof CharSequence text
                ? text.toString()
                : " ".repeat(Math.max(0, Math.min(1000, Values.index(width))));
        List<CharSequence> lines = TextSearch.lines(context.concat(Values.text(value), "\n"), false);
        context.budget().text((long) margin.length() * lines.size());
        TextBuilder out = new TextBuilder();
        out.append(first ? margin : "");
        for (int i = 0; i < lines.size(); i++) {
            boolean indented = i > 0 && (blank || lines.get(i).length() > 0);
            out.append(i > 0 ? "\n" : "").append(indented ? margin : "").append(lines.get(i));
        }
        return out.build();
    }

    static Object center(Context context, Object value, Arguments arguments) {
        return TextCases.pad(context, Values.text(value), arguments.integer(0, "width", 80), " ", '^');
    }

    static Object wordcount(Context context, Object value, Arguments arguments) {
        return WORD.matcher(Values.text(value).toString()).results().count();
    }

    static Object truncate(Context context, Object value, Arguments arguments) {
        CharSequence text = Values.text(value);
        int length = arguments.integer(0, "length", 255);
        boolean killWords = arguments.flag(1, "killwords", false);
        CharSequence end = Values.text(arguments.get(2, "end", "..."));
        int size = CodePoints.length(text);
        if (size <= (long) length + arguments.integer(3, "leeway", 5)) {
            return text;
        }
        int kept = Math.max(0, length - CodePoints.length(end));
        int cut = CodePoints.offset(text, kept);
        if (!killWords) {
            int space = text.toString().lastIndexOf(' ', cut - 1);
            cut = space >= 0 && cut > 0 ? space : cut;
        }
        return context.concat(Text.part(text, 0, cut), end);
    }

    static Object urlencode(Context context, Object value, Arguments arguments) {
        return URLEncoder.encode(Values.text(value).toString(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
