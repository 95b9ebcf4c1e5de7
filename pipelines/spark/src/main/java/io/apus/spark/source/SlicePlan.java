package io.apus.spark.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Cuts files into slices and numbers their rows over the dataset, whatever the cuts. */
final class SlicePlan {
    private final JavaSparkContext context;
    private final Broadcast<SerializableConfiguration> configuration;
    private final long sliceBytes;

    SlicePlan(JavaSparkContext context, Broadcast<SerializableConfiguration> configuration, long sliceBytes) {
        this.context = context;
        this.configuration = configuration;
        this.sliceBytes = sliceBytes;
    }

    /** The slices of the datasets' files, which are given in order; Parquet is not cut here. */
    List<Slice> of(SourceDataset dataset, List<SourceFile> files) {
        List<Slice> slices = new ArrayList<>();
        for (SourceFile file : files) {
            long step = file.format().isLineWise() ? sliceBytes : Math.max(file.bytes(), 1);
            for (long start = 0; start < file.bytes(); start += step) {
                slices.add(new Slice(dataset, file, start, Math.min(step, file.bytes() - start), 0, 0));
            }
        }
        return numbered(slices);
    }

    /** Only rows in front of another slice need to be counted, so a dataset of one slice is read once. */
    private List<Slice> numbered(List<Slice> slices) {
        if (slices.size() < 2) {
            return slices;
        }
        List<long[]> counts = count(slices.subList(0, slices.size() - 1));
        List<Slice> numbered = new ArrayList<>();
        Map<String, Long> lines = new HashMap<>();
        long row = 0;
        for (int i = 0; i < slices.size(); i++) {
            Slice slice = slices.get(i);
            numbered.add(slice.numbered(row, lines.getOrDefault(slice.file().path(), 0L)));
            if (i < counts.size()) {
                row += counts.get(i)[0];
                lines.merge(slice.file().path(), counts.get(i)[1], Long::sum);
            }
        }
        return numbered;
    }

    private List<long[]> count(List<Slice> slices) {
        Broadcast<SerializableConfiguration> shared = configuration;
        return context.parallelize(slices, slices.size())
                .map(slice -> SliceReader.count(slice, hadoop(shared)))
                .collect();
    }

    static Configuration hadoop(Broadcast<SerializableConfiguration> shared) {
        return shared.value().value();
    }
}
