package io.apus.export.gguf;

import java.util.List;

/** Types of metadata values that Apus writes: Java's types stand for them. */
final class GgufValue {
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;

    private GgufValue() {}

    /** A single Integer is written as uint32: all the counts and ids of a model file are unsigned. */
    static int typeOf(Object value) {
        if (value instanceof String) {
            return STRING;
        } else if (value instanceof Boolean) {
            return BOOL;
        } else if (value instanceof Float) {
            return FLOAT32;
        } else if (value instanceof Integer) {
            return UINT32;
        } else if (value instanceof Long) {
            return UINT64;
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            return ARRAY;
        }
        throw new IllegalArgumentException("GGUF metadata cannot hold " + value);
    }

    /** Type of a list's elements; integers in lists (token types) are signed, as llama.cpp reads them. */
    static int elementTypeOf(List<?> list) {
        int type = typeOf(list.get(0));
        return type == UINT32 ? INT32 : type;
    }
}
