package io.apus.shards;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of a shard and the order in which Arrow's IPC format lists their nodes and buffers (depth first; a list has validity and
 * offsets, a string validity, offsets and bytes, a number validity and values). Nothing is null, so every validity buffer is empty.
 */
final class ShardSchema {
    /** Buffers start at multiples of this many bytes, in the body and in the file. */
    static final int ALIGNMENT = 64;

    static final int BUFFERS = 19;
    static final int ID_OFFSETS = 1;
    static final int IDS = 3;
    static final int WEIGHT_OFFSETS = 5;
    static final int WEIGHTS = 7;
    static final int SEGMENT_OFFSETS = 9;
    static final int SEGMENTS = 11;
    static final int SAMPLE_OFFSETS = 13;
    static final int SAMPLE_NAME_OFFSETS = 15;
    static final int SAMPLE_NAMES = 16;
    static final int SUMS = 18;

    static final int NODES = 9;

    private static final ArrowType INT32 = new ArrowType.Int(32, true);
    private static final ArrowType FLOAT32 = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType FLOAT64 = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

    static final Schema SCHEMA = new Schema(List.of(
            list("input_ids", INT32),
            list("loss_weights", FLOAT32),
            list("segment_lengths", INT32),
            list("sample_ids", ArrowType.Utf8.INSTANCE),
            new Field("loss_weight_sum", FieldType.notNullable(FLOAT64), List.of())));

    private ShardSchema() {}

    private static Field list(String name, ArrowType item) {
        return new Field(
                name,
                FieldType.notNullable(ArrowType.List.INSTANCE),
                List.of(new Field("item", FieldType.notNullable(item), List.of())));
    }

    static long align(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
