package io.apus.train.log;

import java.io.ByteArrayOutputStream;

/** Fields of a protocol buffers message, as its wire format encodes them. */
final class ProtoBytes {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoBytes varint(int field, long value) {
        tag(field, VARINT);
        raw(value);
        return this;
    }

    ProtoBytes fixed32(int field, int bits) {
        tag(field, FIXED32);
        littleEndian(bits, Integer.BYTES);
        return this;
    }

    ProtoBytes fixed64(int field, long bits) {
        tag(field, FIXED64);
        littleEndian(bits, Long.BYTES);
        return this;
    }

    ProtoBytes bytes(int field, byte[] value) {
        tag(field, BYTES);
        raw(value.length);
        out.writeBytes(value);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void tag(int field, int wireType) {
        raw((long) field << 3 | wireType);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private void littleEndian(long bits, int count) {
        for (int i = 0; i < count; i++) {
            out.write((int) (bits >>> (8 * i)));
        }
    }
}
