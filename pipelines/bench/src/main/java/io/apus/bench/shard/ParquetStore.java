package io.apus.bench.shard;

import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** Parquet as Spark writes it, read column by column without making rows: faster than any reader that returns rows. */
final class ParquetStore implements RowStore {
    private final CompressionCodecName codec;
    private final Configuration configuration = new Configuration();

    ParquetStore(CompressionCodecName codec) {
        this.codec = codec;
        // Hadoop's own file system would keep a second checksum beside every file.
        configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    }

    private static Path file(Path folder) {
        return folder.resolve("rows.parquet");
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }

    @Override
    public void write(Path folder, List<PackedRow> rows) throws IOException {
        Path file = file(folder);
        try (ParquetWriter<PackedRow> writer = new ParquetRowSupport.Builder(hadoop(file))
                .withConf(configuration)
                .withCompressionCodec(codec)
                .build()) {
            for (PackedRow row : rows) {
                writer.write(row);
            }
        }
        Seal.put(file);
    }

    @Override
    public Reading open(Path folder) throws IOException {
        Path file = file(folder);
        Seal.check(file);
        HadoopInputFile input = HadoopInputFile.fromPath(hadoop(file), configuration);
        return () -> sum(input);
    }

    private static double sum(HadoopInputFile input) throws IOException {
        double sum = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(input)) {
            reader.setRequestedSchema(ParquetRowSupport.TOKENS);
            String writtenBy = reader.getFileMetaData().getCreatedBy();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                sum += sum(group, ParquetRowSupport.TOKENS, writtenBy);
            }
        }
        return sum;
    }

    private static double sum(PageReadStore group, MessageType schema, String writtenBy) {
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(group, new UnusedConverter(), schema, writtenBy);
        List<ColumnDescriptor> columns = schema.getColumns();
        long ids = group.getPageReader(columns.get(0)).getTotalValueCount();
        long weights = group.getPageReader(columns.get(1)).getTotalValueCount();
        return ids(store.getColumnReader(columns.get(0)), ids)
                + weights(store.getColumnReader(columns.get(1)), weights);
    }

    private static double ids(ColumnReader reader, long values) {
        int present = reader.getDescriptor().getMaxDefinitionLevel();
        long sum = 0;
        for (long i = 0; i < values; i++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                sum += reader.getInteger();
            }
            reader.consume();
        }
        return sum;
    }

    private static double weights(ColumnReader reader, long values) {
        int present = reader.getDescriptor().getMaxDefinitionLevel();
        double sum = 0;
        for (long i = 0; i < values; i++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                sum += reader.getFloat();
            }
            reader.consume();
        }
        return sum;
    }
}
