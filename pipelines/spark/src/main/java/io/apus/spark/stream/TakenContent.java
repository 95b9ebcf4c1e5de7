package io.apus.spark.stream;

import io.apus.corpus.filter.FilterChain;
import io.apus.corpus.filter.duplicate.ContentHash;
import io.apus.corpus.filter.duplicate.ExactDuplicateFilter;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.RejectRows;
import io.apus.spark.table.SampleRows;
import io.apus.spark.table.SharedTable;
import io.apus.spark.table.TableWriter;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The contents that a stream has taken so far, in the table {@code taken}: what arrives again in a later batch is an exact duplicate. */
public final class TakenContent {
    private static final StructType TAKEN = StructType.fromDDL(Tables.TAKEN.ddl());
    private static final StructType REJECTS = StructType.fromDDL(Tables.REJECTS.ddl());

    private final SparkSession spark;
    private final SharedTable table;

    public TakenContent(SparkSession spark, Path folder) {
        this.spark = spark;
        this.table = new SharedTable(spark, folder, Tables.TAKEN);
    }

    /**
     * The samples of a batch that are new, with the others among its rejects, as tables below {@code folder}. Only what batches before
     * {@code batch} took counts, so a batch that is run again is not its own duplicate.
     *
     * @param rejects what the filters have refused of the batch
     */
    public Sifted sift(PublishedTable clean, PublishedTable rejects, long batch, Path folder) {
        Dataset<Row> before = table.latest()
                .read(spark)
                .where(functions.col("batch").lt(batch))
                .select(
                        functions.col("hash"),
                        functions.struct("dataset", "row").as("first"));
        Dataset<Row> hashed = clean.read(spark).mapPartitions(hash(), Outcomes.encoder(Tables.CLEAN));
        Dataset<Row> marked = hashed.join(before, hashed.col("note").equalTo(before.col("hash")), "left");
        Dataset<Row> known = Outcomes.kept(
                        marked.where("first IS NOT NULL"), Tables.CLEAN, List.of("first.dataset", "first.row"))
                .mapPartitions(reject(), Encoders.row(REJECTS));
        PublishedTable fresh = TableWriter.write(
                folder.resolve(Tables.CLEAN.name()),
                Tables.CLEAN,
                Outcomes.kept(marked.where("first IS NULL"), Tables.CLEAN));
        PublishedTable refused = TableWriter.write(
                folder.resolve(Tables.REJECTS.name()),
                Tables.REJECTS,
                rejects.read(spark).unionByName(known));
        return new Sifted(fresh, refused, refused.read(spark).count());
    }

    /**
     * A batch without what was taken before.
     *
     * @param clean the samples that are new
     * @param rejects everything else, with the filters' reasons or as exact duplicates
     * @param refused rows of {@code rejects}
     */
    public record Sifted(PublishedTable clean, PublishedTable rejects, long refused) {}

    /** Remembers the samples of {@code batch}; doing it again changes nothing. */
    public void remember(PublishedTable fresh, long batch) {
        MapPartitionsFunction<Row, Row> keys = rows -> new Mapping<>(rows, row -> {
            Sample sample = SampleRows.decode(row);
            SampleKey key = sample.key();
            return RowFactory.create(
                    key.dataset(), key.datasetIndex(), key.row(), key.copy(), ContentHash.of(sample), batch);
        });
        DeltaTable.forPath(spark, table.latest().folder().toAbsolutePath().toString())
                .as("taken")
                .merge(
                        fresh.read(spark)
                                .mapPartitions(keys, Encoders.row(TAKEN))
                                .as("new"),
                        "taken.hash = new.hash")
                .whenNotMatched()
                .insertAll()
                .execute();
    }

    private static MapPartitionsFunction<Row, Row> hash() {
        return rows -> new Mapping<>(rows, row -> {
            Sample sample = SampleRows.decode(row);
            return Outcomes.kept(sample, ContentHash.of(sample), 0);
        });
    }

    private static MapPartitionsFunction<Row, Row> reject() {
        int first = Tables.CLEAN.columns().size();
        return rows -> new Mapping<>(rows, row -> {
            SampleKey taken = new SampleKey(row.getString(first), 0, row.getLong(first + 1), 0);
            return RejectRows.encode(FilterChain.reject(
                    SampleRows.decode(row), ExactDuplicateFilter.REASON, ExactDuplicateFilter.detail(taken)));
        });
    }
}
