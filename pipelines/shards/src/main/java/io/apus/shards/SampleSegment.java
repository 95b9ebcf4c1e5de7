package io.apus.shards;

import io.apus.schemas.manifest.ShardManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a packed row holds a sample.
 *
 * @param row row of the shard, from 0
 * @param position place among the samples of the row, from 0
 * @param offset tokens of the row in front of it
 * @param length its tokens
 * @param sampleId as the shard names it: {@code dataset:row[:copy][/part]}
 */
public record SampleSegment(long row, int position, int offset, int length, String sampleId) {
    /** All segments of one shard of {@code manifest}, whose folder is {@code folder}; the file is verified on the way. */
    public static List<SampleSegment> of(Path folder, ShardManifest.Shard shard, int maxLength) {
        List<SampleSegment> segments = new ArrayList<>();
        long first = 0;
        for (MappedBatch batch : MappedShard.open(folder, shard, maxLength)) {
            for (int row = 0; row < batch.rows(); row++) {
                add(segments, first + row, batch.segments(row), batch.sampleIds(row));
            }
            first += batch.rows();
        }
        return segments;
    }

    private static void add(List<SampleSegment> segments, long row, int[] lengths, List<String> ids) {
        int offset = 0;
        for (int i = 0; i < lengths.length; i++) {
            segments.add(new SampleSegment(row, i, offset, lengths[i], ids.get(i)));
            offset += lengths[i];
        }
    }
}
