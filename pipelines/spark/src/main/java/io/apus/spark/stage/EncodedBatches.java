package io.apus.spark.stage;

import io.apus.corpus.tokenize.EncodedSamples;
import io.apus.corpus.tokenize.SampleEncoder;
import io.apus.schemas.data.Sample;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.SampleRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Encodes the samples of a partition in batches, which the tokenizer takes faster than one by one. */
final class EncodedBatches implements Iterator<Row> {
    private static final int BATCH = 128;

    private final Iterator<Row> samples;
    private final SampleEncoder encoder;
    private final Deque<Row> ready = new ArrayDeque<>();

    EncodedBatches(Iterator<Row> samples, SampleEncoder encoder) {
        this.samples = samples;
        this.encoder = encoder;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && samples.hasNext()) {
            encode();
        }
        return !ready.isEmpty();
    }

    private void encode() {
        List<Sample> batch = new ArrayList<>();
        while (batch.size() < BATCH && samples.hasNext()) {
            batch.add(SampleRows.decode(samples.next()));
        }
        EncodedSamples encoded = encoder.encode(batch);
        encoded.rows().forEach(tokens -> ready.add(Outcomes.kept(tokens)));
        encoded.rejects().forEach(reject -> ready.add(Outcomes.refused(reject)));
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }
}
