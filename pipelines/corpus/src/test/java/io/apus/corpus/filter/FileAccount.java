package io.apus.corpus.filter;

import io.apus.corpus.filter.duplicate.ContentHash;
import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.Origin;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.spec.FilterSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What became of every row of some files after ingestion and all the filters, in this process. */
final class FileAccount {
    private final RowFilters filters = TestFilters.rowFilters(new FilterSpec(null));
    private final Map<String, SampleKey> seen = new HashMap<>();
    private final List<Sample> kept = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();
    private long rows;
    private int datasets;

    FileAccount add(Path file) throws IOException {
        String name = file.getFileName().toString();
        RowMapper mapper = new RowMapper(Map.of());
        try (InputStream in = Files.newInputStream(file)) {
            Iterator<RawRow> raw = DataFormat.of(name).read(new Origin(name, datasets++, name), in);
            while (raw.hasNext()) {
                rows++;
                add(mapper.map(raw.next()));
            }
        }
        return this;
    }

    private void add(Mapped mapped) {
        if (mapped instanceof Mapped.Refused refused) {
            rejects.add(refused.reject());
            return;
        }
        Sample sample = ((Mapped.Kept) mapped).sample();
        Optional<Reject> refused = filters.judge(sample).refused();
        if (refused.isPresent()) {
            rejects.add(refused.get());
            return;
        }
        SampleKey first = seen.putIfAbsent(ContentHash.of(sample), sample.key());
        if (first == null) {
            kept.add(sample);
        } else {
            rejects.add(FilterChain.reject(sample, ExactDuplicateFilter.REASON, ExactDuplicateFilter.detail(first)));
        }
    }

    List<Sample> kept() {
        return kept;
    }

    List<Reject> rejects() {
        return rejects;
    }

    Accounting accounting() {
        Map<String, Long> refused = new TreeMap<>();
        rejects.forEach(reject -> refused.merge(reject.reason(), 1L, Long::sum));
        return new Accounting(rows, kept.size(), refused);
    }
}
