package io.apus.train.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecords of Event messages (tensorflow/core/util/event.proto, lib/io/record_writer.cc).
 *
 * <p>A record is its length (uint64), the masked CRC-32C of the length, the bytes, and their masked CRC-32C, all little-endian.
 */
final class EventFile implements AutoCloseable {
    private static final int MASK_DELTA = 0xa282ead8;

    private final OutputStream out;

    /** Begins a new file at {@code path}. */
    EventFile(Path path, double wallTime) {
        try {
            this.out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
        record(event(wallTime, 0, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
    }

    /** Says that the run goes on from {@code step}: viewers drop what an earlier file has from there on. */
    void restart(double wallTime, long step) {
        record(event(wallTime, step, 7, new ProtoBytes().varint(1, 1).bytes()));
    }

    /** One value for each tag at {@code step}. */
    void scalars(double wallTime, long step, Map<String, Double> values) {
        ProtoBytes summary = new ProtoBytes();
        values.forEach((tag, value) -> summary.bytes(
                1,
                new ProtoBytes()
                        .bytes(1, tag.getBytes(StandardCharsets.UTF_8))
                        .fixed32(2, Float.floatToRawIntBits(value.floatValue()))
                        .bytes()));
        record(event(wallTime, step, 5, summary.bytes()));
    }

    private static byte[] event(double wallTime, long step, int field, byte[] content) {
        return new ProtoBytes()
                .fixed64(1, Double.doubleToRawLongBits(wallTime))
                .varint(2, step)
                .bytes(field, content)
                .bytes();
    }

    private void record(byte[] data) {
        ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(data.length).putInt(maskedCrc(head.array(), 8));
        ByteBuffer tail = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(maskedCrc(data, data.length));
        try {
            ByteArrayOutputStream record = new ByteArrayOutputStream(data.length + 16);
            record.write(head.array());
            record.write(data);
            record.write(tail.array());
            record.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a TensorBoard event", e);
        }
    }

    /** CRC-32C, rotated and shifted so that a checksum of checksums is not degenerate. */
    static int maskedCrc(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a TensorBoard file", e);
        }
    }
}
