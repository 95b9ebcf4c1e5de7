package io.apus.bench.shard;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Parquet's column reader wants a converter for each field of the schema (record, list, entry, value) even if nobody converts. */
final class UnusedConverter extends GroupConverter {
    private static final int GROUPS = 3;

    private final int depth;

    UnusedConverter() {
        this(1);
    }

    private UnusedConverter(int depth) {
        this.depth = depth;
    }

    @Override
    public Converter getConverter(int field) {
        return depth < GROUPS ? new UnusedConverter(depth + 1) : new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
}
