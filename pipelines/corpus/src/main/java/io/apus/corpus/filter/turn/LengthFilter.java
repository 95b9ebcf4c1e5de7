package io.apus.corpus.filter.turn;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.FilterSources;
import io.apus.corpus.filter.rule.FilterStep;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.corpus.filter.text.WordScan;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * Refuses samples that are shorter or longer than wanted, over all messages of the conversation. Characters are Unicode code points.
 * Tokens are those of the messages' texts, without what a chat template puts around them.
 *
 * @param tokenizer model folder whose tokenizer counts, empty where tokens do not matter; executors find it under the same path
 */
public record LengthFilter(Range characters, Range words, Range tokens, String tokenizer) implements SampleFilter {
    /** From {@code min} to {@code max}; {@code max} 0 is no limit. */
    public record Range(String noun, int min, int max) implements java.io.Serializable {
        static Range of(FilterOptions options, String noun, int min, int max, String of) {
            int fewest = options.integer("min_" + noun, min, "fewest " + noun + of);
            int most = options.integer("max_" + noun, max, "most " + noun + of + "; 0 is no limit");
            options.require(
                    most == 0 || most >= fewest,
                    "max_" + noun,
                    "must be at least min_" + noun + " " + fewest + ", is " + most);
            return new Range(noun, fewest, most);
        }

        boolean matters() {
            return min > 0 || max > 0;
        }

        /** What is wrong with {@code length}, or null. */
        String wrongOrNull(long length) {
            if (length < min) {
                return length + " " + noun + ", fewer than " + min;
            }
            return max > 0 && length > max ? length + " " + noun + ", more than " + max : null;
        }
    }

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        Range characters = Range.of(options, "characters", 1, 1_000_000, " of a sample over all its messages");
        Range words = Range.of(options, "words", 0, 0, "");
        Range tokens = Range.of(options, "tokens", 0, 0, ", without those of the chat template");
        String tokenizer = options.text("tokenizer", "model folder whose tokenizer counts the tokens");
        options.require(
                !tokens.matters() || !tokenizer.isEmpty(),
                "tokenizer",
                "name the model folder whose tokenizer counts the tokens; samples are tokenised after they are filtered");
        return new LengthFilter(characters, words, tokens, tokenizer);
    }

    @Override
    public String reason() {
        return "length";
    }

    @Override
    public FilterStep load(FilterSources sources) {
        if (!tokens.matters()) {
            return this;
        }
        Path folder = Path.of(tokenizer).toAbsolutePath();
        Tokenizers.load(folder);
        return new LengthFilter(characters, words, tokens, folder.toString());
    }

    @Override
    public Verdict judge(Sample sample) {
        String wrong = characters.wrongOrNull(sum(sample, text -> text.codePointCount(0, text.length())));
        if (wrong == null && words.matters()) {
            wrong = words.wrongOrNull(sum(sample, WordScan::count));
        }
        if (wrong == null && tokens.matters()) {
            Tokenizer counter = Tokenizers.load(Path.of(tokenizer));
            wrong = tokens.wrongOrNull(sum(sample, text -> counter.ids(text).length));
        }
        return wrong == null ? Verdict.KEEP : Verdict.refuse(wrong);
    }

    private static long sum(Sample sample, ToLongFunction<String> length) {
        return sample.messages().stream()
                .map(Message::content)
                .mapToLong(length)
                .sum();
    }
}
