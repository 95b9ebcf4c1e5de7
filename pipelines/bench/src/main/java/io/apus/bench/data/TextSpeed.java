package io.apus.bench.data;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tokens a second of the tokenizers alone, by kind of text, on one thread. */
public final class TextSpeed {
    private TextSpeed() {}

    /** One row a kind, of at most so many characters; {@code root} is the project's folder. */
    public static Table measure(List<DataFile> files, Path folder, Path root, int characters, int rounds)
            throws IOException {
        Tokenizer tokenizer = Tokenizers.load(folder);
        Table table = new Table(
                "Tokenizers alone, tokens/s on one thread (ours: " + tokenizer.engine() + ")",
                "text",
                "tokens",
                "batchEncode(128)",
                "library, ids only",
                "ours, ids only",
                "ours / batchEncode",
                "ours / library ids");
        try (BareTokenizer bare = new BareTokenizer(folder)) {
            for (Map.Entry<String, List<String>> kind :
                    TextKinds.of(files, root, characters).entrySet()) {
                List<List<String>> texts = TokenizeSpeed.batches(kind.getValue());
                List<Timing> timings = Interleaved.run(
                        TokenizeSpeed.WARMUPS,
                        rounds,
                        List.of(
                                new Contender("batchEncode", () -> bare.batches(texts)),
                                new Contender("library", () -> bare.idsOnly(texts)),
                                new Contender("ours", () -> ids(tokenizer, texts))));
                row(table, kind.getKey(), timings);
            }
        }
        return table;
    }

    private static void row(Table table, String kind, List<Timing> timings) {
        Timing ours = timings.get(2);
        if (timings.stream().anyMatch(timing -> timing.result() != ours.result())) {
            throw new IllegalStateException("the tokenizers count different tokens in " + kind);
        }
        table.row(
                kind,
                (long) ours.result(),
                ours.result() / timings.get(0).median(),
                ours.result() / timings.get(1).median(),
                ours.result() / ours.median(),
                timings.get(0).timesAsLongAs(ours),
                timings.get(1).timesAsLongAs(ours));
    }

    static double ids(Tokenizer tokenizer, List<List<String>> texts) {
        long tokens = 0;
        for (List<String> batch : texts) {
            for (String text : batch) {
                tokens += tokenizer.ids(text).length;
            }
        }
        return tokens;
    }
}
