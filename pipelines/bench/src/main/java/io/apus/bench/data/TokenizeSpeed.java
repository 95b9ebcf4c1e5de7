package io.apus.bench.data;

import io.apus.bench.measure.Contender;
import io.apus.bench.measure.Interleaved;
import io.apus.bench.measure.Table;
import io.apus.bench.measure.Timing;
import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.tokenize.SampleEncoder;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What templates, loss masks and token places cost on top of bare tokenising, on one thread. */
public final class TokenizeSpeed {
    /** Java code is slow until it has run for a while. */
    static final int WARMUPS = 4;

    private static final int BATCH = 128;

    private TokenizeSpeed() {}

    /** Tokens a second of each way over the same texts; equal token counts show that it is the same work. */
    public static Table measure(TokenizedCorpus corpus, int rounds) throws IOException {
        ChatTemplate template = ChatTemplate.read(corpus.tokenizer());
        Tokenizer tokenizer = Tokenizers.load(corpus.tokenizer());
        List<List<Sample>> samples = batches(corpus.samples());
        List<List<String>> texts = batches(
                corpus.samples().stream().map(sample -> text(template, sample)).toList());
        long tokens = corpus.rows().stream().mapToLong(TokenRow::length).sum();
        try (BareTokenizer bare = new BareTokenizer(corpus.tokenizer())) {
            List<Timing> timings = Interleaved.run(
                    WARMUPS,
                    rounds,
                    List.of(
                            new Contender("bare: DJL batchEncode(128)", () -> bare.batches(texts)),
                            new Contender("bare: library, ids only", () -> bare.idsOnly(texts)),
                            new Contender("Apus Tokenizer: ids only", () -> TextSpeed.ids(tokenizer, texts)),
                            new Contender("Apus Tokenizer: ids and places", () -> places(tokenizer, texts)),
                            new Contender("Apus template and turns only", () -> turns(template, samples)),
                            new Contender("Apus SampleEncoder: everything", () -> encode(corpus.encoder(), samples))));
            return table(corpus.samples().size(), tokens, timings);
        }
    }

    private static Table table(int samples, long tokens, List<Timing> timings) {
        Table table = new Table(
                "Tokenise: " + samples + " samples, " + tokens + " tokens, one thread",
                "way",
                "tokens/s",
                "speed / batchEncode",
                "speed / library ids",
                "speed / Apus ids",
                "result");
        for (Timing timing : timings) {
            table.row(
                    timing.name(),
                    tokens / timing.median(),
                    timings.get(0).timesAsLongAs(timing),
                    timings.get(1).timesAsLongAs(timing),
                    timings.get(2).timesAsLongAs(timing),
                    (long) timing.result());
        }
        return table;
    }

    private static String text(ChatTemplate template, Sample sample) {
        if (!sample.isPlainText()) {
            return template.render(sample.messages(), sample.tools(), Map.of(), false);
        }
        String end = template.specialTokens().eos();
        return sample.messages().get(0).content() + (end == null ? "" : end);
    }

    private static double places(Tokenizer tokenizer, List<List<String>> texts) {
        long tokens = 0;
        for (List<String> batch : texts) {
            for (String text : batch) {
                tokens += tokenizer.encode(text).length();
            }
        }
        return tokens;
    }

    private static double turns(ChatTemplate template, List<List<Sample>> samples) {
        long turns = 0;
        for (List<Sample> batch : samples) {
            for (Sample sample : batch) {
                List<Message> messages = sample.messages();
                turns += sample.isPlainText()
                        ? 1
                        : template.renderWithMask(messages, sample.tools(), Map.of())
                                .turns()
                                .size();
            }
        }
        return turns;
    }

    private static double encode(SampleEncoder encoder, List<List<Sample>> samples) {
        long tokens = 0;
        for (List<Sample> batch : samples) {
            for (TokenRow row : encoder.encode(batch).rows()) {
                tokens += row.length();
            }
        }
        return tokens;
    }

    static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int at = 0; at < all.size(); at += BATCH) {
            batches.add(all.subList(at, Math.min(all.size(), at + BATCH)));
        }
        return batches;
    }
}
