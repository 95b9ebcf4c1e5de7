package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.Mapped;
import io.apus.corpus.ingest.Origin;
import io.apus.corpus.ingest.RawRow;
import io.apus.corpus.ingest.RowMapper;
import io.apus.corpus.ingest.Selection;
import io.apus.corpus.mapping.MappedRows;
import io.apus.corpus.mapping.RowMapping;
import io.apus.schemas.UserError;
import io.apus.schemas.table.Tables;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.Outcomes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads datasets in parallel, file by file and large line-wise files in pieces, never into the driver. The number of a row is its place
 * in its dataset (files in the order of their paths, then place in the file), whatever the number of tasks.
 */
public final class SourceReader {
    /** Large enough that reading dominates a task's start, small enough that cores share a file. */
    public static final long SLICE_BYTES = 32L << 20;

    private final SparkSession spark;
    private final Configuration configuration;
    private final Broadcast<SerializableConfiguration> shared;
    private final SlicePlan plan;
    private final long seed;

    /**
     * @param sliceBytes most bytes of a piece of a line-wise file
     * @param seed decides each row's rank in the shuffled order of its dataset
     */
    public SourceReader(SparkSession spark, long sliceBytes, long seed) {
        this.spark = spark;
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.configuration = context.hadoopConfiguration();
        this.shared = context.broadcast(new SerializableConfiguration(configuration));
        this.plan = new SlicePlan(context, shared, sliceBytes);
        this.seed = seed;
    }

    /** Every row of the datasets as a sample or a reject ({@link Outcomes}), with its rank. */
    public Dataset<Row> read(List<SourceDataset> datasets) {
        List<Slice> slices = new ArrayList<>();
        List<Dataset<Row>> tables = new ArrayList<>();
        for (SourceDataset dataset : datasets) {
            List<SourceFile> files = new SourceFiles(configuration).of(dataset);
            if (isParquet(dataset, files)) {
                tables.add(parquet(dataset, files));
            } else {
                slices.addAll(plan.of(dataset, files));
            }
        }
        Dataset<Row> rows = sliced(slices);
        for (Dataset<Row> table : tables) {
            rows = rows.union(table);
        }
        return rows;
    }

    private static boolean isParquet(SourceDataset dataset, List<SourceFile> files) {
        long parquet = files.stream()
                .filter(file -> file.format() == DataFormat.PARQUET)
                .count();
        if (parquet != 0 && parquet != files.size()) {
            throw new UserError(
                    "Cannot read the dataset " + dataset.name(),
                    parquet + " of its " + files.size() + " files are Parquet and the others are not",
                    "Name them as two datasets.");
        }
        if (files.size() > 1 && files.stream().anyMatch(SourceFile::isTable)) {
            throw new UserError(
                    "Cannot read the dataset " + dataset.name(),
                    "a Delta table is a dataset of its own, and there are " + files.size() + " tables and files",
                    "Name each table as a dataset.");
        }
        return parquet != 0;
    }

    private Dataset<Row> sliced(List<Slice> slices) {
        Broadcast<SerializableConfiguration> hadoop = shared;
        long rankSeed = seed;
        JavaRDD<Row> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(slices, Math.max(1, slices.size()))
                .flatMap(slice -> outcomes(slice, SlicePlan.hadoop(hadoop), rankSeed));
        return spark.createDataFrame(rows, encoder().schema());
    }

    private static Encoder<Row> encoder() {
        return Outcomes.encoder(Tables.SAMPLES);
    }

    private static Iterator<Row> outcomes(Slice slice, Configuration configuration, long seed) {
        SliceReader reader = SliceReader.open(slice, configuration);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> reader.close());
        MappedRows mapper = mapper(slice.dataset());
        long before = slice.file().format().isLineWise() ? 0 : slice.firstRow();
        Iterator<RawRow> stored = new Mapping<>(reader, row -> row.after(before));
        return new Mapping<>(mapper.views(stored), row -> outcome(mapper, row, seed));
    }

    private static MappedRows mapper(SourceDataset dataset) {
        return new MappedRows(RowMapping.of(dataset.rules().mapping()), new RowMapper(dataset.rules())::map);
    }

    private Dataset<Row> parquet(SourceDataset dataset, List<SourceFile> files) {
        long rankSeed = seed;
        MapPartitionsFunction<Row, Row> mapping = rows -> {
            MappedRows mapper = mapper(dataset);
            Iterator<RawRow> stored = new Mapping<>(rows, row -> raw(dataset, row));
            return new Mapping<>(mapper.views(stored), row -> outcome(mapper, row, rankSeed));
        };
        return ParquetRows.read(spark, files).mapPartitions(mapping, encoder());
    }

    private static RawRow raw(SourceDataset dataset, Row row) {
        Origin origin = new Origin(dataset.name(), dataset.index(), row.getString(1));
        String source = origin.file() + ":" + row.getLong(3);
        return new RawRow(dataset.name(), dataset.index(), row.getLong(2), source, row.getString(0), null, "");
    }

    private static Row outcome(MappedRows mapper, RawRow row, long seed) {
        Mapped mapped = mapper.apply(row);
        if (mapped instanceof Mapped.Kept kept) {
            return Outcomes.kept(
                    kept.sample(), null, Selection.rank(seed, kept.sample().key()));
        }
        return Outcomes.refused(((Mapped.Refused) mapped).reject());
    }
}
