package io.apus.export.gguf;

import java.nio.ByteBuffer;

/** How the numbers of a tensor are stored; ids as ggml numbers them (enum ggml_type, ggml.h). */
public enum GgufType {
    F32(0, 0, 1, 4) {
        @Override
        void encode(float[] values, int from, ByteBuffer out) {
            out.putFloat(values[from]);
        }

        @Override
        void decode(ByteBuffer in, float[] values, int to) {
            values[to] = in.getFloat();
        }
    },
    F16(1, 1, 1, 2) {
        @Override
        void encode(float[] values, int from, ByteBuffer out) {
            out.putShort(HalfFloat.of(values[from]));
        }

        @Override
        void decode(ByteBuffer in, float[] values, int to) {
            values[to] = HalfFloat.toFloat(in.getShort());
        }
    },
    /** Blocks of 32: a half-precision scale, max|x| / 127, then 32 signed bytes (block_q8_0, ggml-common.h). */
    Q8_0(8, 7, 32, 34) {
        @Override
        void encode(float[] values, int from, ByteBuffer out) {
            float largest = 0;
            for (int i = 0; i < blockSize(); i++) {
                largest = Math.max(largest, Math.abs(values[from + i]));
            }
            float scale = largest / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            out.putShort(HalfFloat.of(scale));
            for (int i = 0; i < blockSize(); i++) {
                out.put((byte) roundHalfAwayFromZero(values[from + i] * inverse));
            }
        }

        @Override
        void decode(ByteBuffer in, float[] values, int to) {
            float scale = HalfFloat.toFloat(in.getShort());
            for (int i = 0; i < blockSize(); i++) {
                values[to + i] = in.get() * scale;
            }
        }
    };

    private final int id;
    private final int fileType;
    private final int blockSize;
    private final int blockBytes;

    GgufType(int id, int fileType, int blockSize, int blockBytes) {
        this.id = id;
        this.fileType = fileType;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** Number of the type in a tensor's entry. */
    public int id() {
        return id;
    }

    /** Value of {@code general.file_type} for a file whose matrices are mostly of this type (enum llama_ftype). */
    public int fileType() {
        return fileType;
    }

    /** Values of a block. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes that {@code count} values take; {@code count} is a multiple of {@link #blockSize}. */
    public long bytes(long count) {
        return count / blockSize * blockBytes;
    }

    /** Writes one block, {@code values[from ..]}, little-endian. */
    abstract void encode(float[] values, int from, ByteBuffer out);

    /** Reads one block into {@code values[to ..]}. */
    abstract void decode(ByteBuffer in, float[] values, int to);

    static GgufType of(int id) {
        for (GgufType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        throw new IllegalArgumentException("GGUF tensor type " + id + " is not one that Apus writes");
    }

    /** C's roundf, which ggml quantises with; Math.round would take -2.5 to -2. */
    private static int roundHalfAwayFromZero(float value) {
        return (int) (value < 0 ? Math.ceil(value - 0.5f) : Math.floor(value + 0.5f));
    }
}
