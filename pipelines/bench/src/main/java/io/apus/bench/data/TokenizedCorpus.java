package io.apus.bench.data;

import io.apus.corpus.tokenize.EncodedSamples;
import io.apus.corpus.tokenize.SampleEncoder;
import io.apus.corpus.vocabulary.CreatedModel;
import io.apus.corpus.vocabulary.WordCounts;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.TokenRow;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The samples of some files as tokens; samples that the tokenize stage refuses are left out.
 *
 * @param tokenizer folder with the tokenizer and the chat template
 * @param samples those that have tokens
 * @param rows one a sample, in the same order
 */
public record TokenizedCorpus(Path tokenizer, SampleEncoder encoder, List<Sample> samples, List<TokenRow> rows) {
    private static final int LEARNT_VOCABULARY = 2048;
    private static final int MAX_LENGTH = 1 << 17;

    /** Encodes with the tokenizer given, or with one learnt from the samples and put into {@code scratch}. */
    public static TokenizedCorpus of(List<Sample> all, Optional<Path> given, Path scratch) {
        Path folder = given.orElseGet(() -> learn(all, scratch));
        SampleEncoder encoder =
                SampleEncoder.of(folder, new TokenizeSpec(null, MAX_LENGTH, "delete", null, null, null));
        List<Sample> samples = new ArrayList<>();
        List<TokenRow> rows = new ArrayList<>();
        for (Sample sample : all) {
            EncodedSamples encoded = encoder.encode(List.of(sample));
            if (encoded.rejects().isEmpty()) {
                samples.add(sample);
                rows.addAll(encoded.rows());
            }
        }
        if (rows.isEmpty()) {
            throw new UserError("Cannot benchmark", "the tokenizer refused all samples", "Name another --data folder.");
        }
        return new TokenizedCorpus(folder, encoder, samples, rows);
    }

    private static Path learn(List<Sample> samples, Path folder) {
        CreateModelSpec spec =
                new CreateModelSpec(null, LEARNT_VOCABULARY, null, null, null, null, null, null, null, null, null);
        CreatedModel.write(
                folder,
                spec,
                WordCounts.count(samples.stream()
                        .flatMap(sample -> WordCounts.texts(sample).stream())
                        .iterator()));
        return folder;
    }

    /** Tokens of each sample. */
    public int[] lengths() {
        return rows.stream().mapToInt(TokenRow::length).toArray();
    }
}
