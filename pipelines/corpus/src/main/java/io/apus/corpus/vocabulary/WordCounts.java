package io.apus.corpus.vocabulary;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often each word occurs. A word is what the pre-tokeniser of Qwen2 never merges across: NFC, then its regular expression. Counts of
 * parts of a text add up to the counts of the whole, so partitions count by themselves and are merged.
 */
public final class WordCounts {
    /** The pattern of the {@code Split} pre-tokeniser in Qwen2's and Qwen3's tokenizer.json. */
    static final String PATTERN =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final Pattern WORD =
            Pattern.compile(PATTERN, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);

    private WordCounts() {}

    /** Counts the words of all the texts. */
    public static Map<String, Long> count(Iterator<String> texts) {
        Map<String, Long> counts = new HashMap<>();
        texts.forEachRemaining(text -> {
            for (String word : words(text)) {
                counts.merge(word, 1L, Long::sum);
            }
        });
        return counts;
    }

    /** Adds {@code more} to {@code counts} and returns it. */
    public static Map<String, Long> merge(Map<String, Long> counts, Map<String, Long> more) {
        more.forEach((word, count) -> counts.merge(word, count, Long::sum));
        return counts;
    }

    /** The words of a text, in order; put together they are the text after NFC. */
    static List<String> words(String text) {
        Matcher matcher = WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFC));
        List<String> words = new ArrayList<>();
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** The texts of a sample as ChatML shows them to the model: each turn with its role in front; plain text as it is. */
    public static List<String> texts(Sample sample) {
        if (sample.isPlainText()) {
            return List.of(sample.messages().get(0).content());
        }
        List<String> texts = new ArrayList<>();
        for (Message message : sample.messages()) {
            texts.add(message.role() + "\n" + message.content());
            texts.add("\n");
        }
        if (sample.rejectedMessages() != null) {
            sample.rejectedMessages().forEach(message -> texts.add(message.content()));
        }
        return texts;
    }
}
