package io.apus.spark.filter;

import io.apus.corpus.filter.duplicate.Bands;
import io.apus.corpus.filter.duplicate.MinHash;
import io.apus.corpus.filter.duplicate.NearDuplicateFilter;
import io.apus.corpus.filter.duplicate.Shingles;
import io.apus.spark.table.Mapping;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Pairs of documents that share a bucket in some band. Buckets are sorted, on disk where they are large, by a part of the signature, and
 * each document is paired with its next {@code neighbours} there: all pairs of a small bucket, likely ones of a giant one.
 */
record CandidatePairs(NearDuplicateFilter filter) {
    private static final StructType SIGNED =
            StructType.fromDDL("id BIGINT NOT NULL, likeness BIGINT NOT NULL, buckets ARRAY<BIGINT> NOT NULL");
    private static final StructType PAIR = StructType.fromDDL("a BIGINT NOT NULL, b BIGINT NOT NULL");

    /** A document in a bucket. */
    private record Member(long bucket, long id) {}

    /** Each pair once: {@code a < b}. */
    Dataset<Row> find(Dataset<Row> documents) {
        Bands bands = Bands.of(filter.threshold(), filter.permutations());
        int permutations = filter.permutations();
        int neighbours = filter.neighbours();
        MapPartitionsFunction<Row, Row> sign = rows -> {
            MinHash hash = new MinHash(permutations);
            return new Mapping<>(rows, row -> signed(row, hash, bands));
        };
        MapPartitionsFunction<Row, Row> pair = rows -> pairs(rows, neighbours);
        return documents
                .select("id", "shingles")
                .mapPartitions(sign, Encoders.row(SIGNED))
                .select(
                        functions.explode(functions.col("buckets")).as("bucket"),
                        functions.col("likeness"),
                        functions.col("id"))
                .repartition(functions.col("bucket"))
                .sortWithinPartitions("bucket", "likeness", "id")
                .mapPartitions(pair, Encoders.row(PAIR))
                .distinct();
    }

    private static Row signed(Row row, MinHash hash, Bands bands) {
        int[] signature = hash.signature(Shingles.fromBytes(row.getAs(1)));
        Object[] buckets = new Object[bands.bands()];
        for (int band = 0; band < buckets.length; band++) {
            buckets[band] = bands.bucket(signature, band);
        }
        long likeness = ((long) signature[0] << 32) | (signature[1] & 0xffffffffL);
        return RowFactory.create(row.getLong(0), likeness, buckets);
    }

    private static Iterator<Row> pairs(Iterator<Row> rows, int neighbours) {
        ArrayDeque<Member> before = new ArrayDeque<>();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .flatMap(row -> withThoseBefore(new Member(row.getLong(0), row.getLong(2)), before, neighbours))
                .iterator();
    }

    private static Stream<Row> withThoseBefore(Member member, ArrayDeque<Member> before, int neighbours) {
        if (!before.isEmpty() && before.getLast().bucket() != member.bucket()) {
            before.clear();
        }
        Stream.Builder<Row> pairs = Stream.builder();
        for (Member other : before) {
            pairs.add(RowFactory.create(Math.min(other.id(), member.id()), Math.max(other.id(), member.id())));
        }
        before.addLast(member);
        if (before.size() > neighbours) {
            before.removeFirst();
        }
        return pairs.build();
    }
}
