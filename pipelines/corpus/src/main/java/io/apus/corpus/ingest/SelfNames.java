package io.apus.corpus.ingest;

import io.apus.schemas.data.Message;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model calls itself and its maker, for datasets that teach it: {@code {{NAME}}} and {@code {{AUTHOR}}} (or both in lower case)
 * in any turn become these. As in ms-swift each has a Chinese and an English value, and one value alone serves both languages.
 *
 * @param name Chinese and English name; empty leaves the placeholder as it is
 * @param author Chinese and English author; empty leaves the placeholder as it is
 */
public record SelfNames(List<String> name, List<String> author) implements Serializable {
    public static final SelfNames NONE = new SelfNames(List.of(), List.of());

    public SelfNames {
        name = List.copyOf(name);
        author = List.copyOf(author);
    }

    boolean isNone() {
        return name.isEmpty() && author.isEmpty();
    }

    /**
     * The turns with their placeholders filled in.
     *
     * @param tag the row's language, {@code zh} or {@code en}; null where only the text can tell (Chinese characters mean Chinese)
     */
    List<Turn> fill(List<Turn> turns, String tag) {
        if (isNone() || turns == null) {
            return turns;
        }
        boolean chinese = tag == null ? turns.stream().anyMatch(turn -> isChinese(turn.content())) : tag.equals("zh");
        List<Turn> filled = new ArrayList<>();
        for (Turn turn : turns) {
            Message message = turn.message();
            String text = replaced(replaced(message.content(), "NAME", name, chinese), "AUTHOR", author, chinese);
            filled.add(turn.saying(text));
        }
        return filled;
    }

    private static String replaced(String text, String placeholder, List<String> values, boolean chinese) {
        if (values.isEmpty()) {
            return text;
        }
        String value = values.get(chinese ? 0 : values.size() - 1);
        String lower = placeholder.equals("NAME") ? "{{name}}" : "{{author}}";
        return text.replace("{{" + placeholder + "}}", value).replace(lower, value);
    }

    private static boolean isChinese(String text) {
        return text.codePoints().anyMatch(point -> Character.UnicodeScript.of(point) == Character.UnicodeScript.HAN);
    }
}
