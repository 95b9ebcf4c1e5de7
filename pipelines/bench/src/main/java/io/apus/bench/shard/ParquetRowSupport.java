package io.apus.bench.shard;

import io.apus.schemas.data.PackedRow;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes packed rows with the columns of a shard, as three-level lists whose entries are required. */
final class ParquetRowSupport extends WriteSupport<PackedRow> {
    private static final String TOKEN_COLUMNS =
            """
            required group input_ids (LIST) { repeated group list { required int32 element; } }
            required group loss_weights (LIST) { repeated group list { required float element; } }
            """;

    /** The two columns that training reads. */
    static final MessageType TOKENS = MessageTypeParser.parseMessageType("message row {" + TOKEN_COLUMNS + "}");

    private static final MessageType ALL = MessageTypeParser.parseMessageType(
            "message row {" + TOKEN_COLUMNS
                    + """
            required group segment_lengths (LIST) { repeated group list { required int32 element; } }
            required group sample_ids (LIST) { repeated group list { required binary element (STRING); } }
            required double loss_weight_sum;
            }
            """);

    private RecordConsumer consumer;

    /** Builds a writer of a file. */
    static final class Builder extends ParquetWriter.Builder<PackedRow, Builder> {
        Builder(Path file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<PackedRow> getWriteSupport(Configuration configuration) {
            return new ParquetRowSupport();
        }
    }

    @Override
    public WriteContext init(Configuration configuration) {
        return new WriteContext(ALL, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer target) {
        consumer = target;
    }

    @Override
    public void write(PackedRow row) {
        consumer.startMessage();
        list(0, row.inputIds().length, i -> consumer.addInteger(row.inputIds()[i]));
        list(1, row.inputIds().length, i -> consumer.addFloat(row.lossWeights()[i]));
        list(2, row.segmentLengths().length, i -> consumer.addInteger(row.segmentLengths()[i]));
        list(
                3,
                row.sampleIds().size(),
                i -> consumer.addBinary(Binary.fromString(row.sampleIds().get(i))));
        consumer.startField("loss_weight_sum", 4);
        consumer.addDouble(row.lossWeightSum());
        consumer.endField("loss_weight_sum", 4);
        consumer.endMessage();
    }

    /** Adds entry i to the record that is being written. */
    private interface Entry {
        void add(int i);
    }

    private void list(int column, int count, Entry entry) {
        String name = ALL.getFieldName(column);
        consumer.startField(name, column);
        consumer.startGroup();
        if (count > 0) {
            consumer.startField("list", 0);
            for (int i = 0; i < count; i++) {
                consumer.startGroup();
                consumer.startField("element", 0);
                entry.add(i);
                consumer.endField("element", 0);
                consumer.endGroup();
            }
            consumer.endField("list", 0);
        }
        consumer.endGroup();
        consumer.endField(name, column);
    }
}
