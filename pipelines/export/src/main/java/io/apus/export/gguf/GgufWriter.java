package io.apus.export.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes a GGUF file: header, metadata and tensor table first, then the data of each tensor in the table's order. */
final class GgufWriter implements AutoCloseable {
    static final int MAGIC = 0x46554747;
    static final int VERSION = 3;
    static final int ALIGNMENT = 32;
    private static final int CHUNK_VALUES = 1 << 20;

    private final FileChannel channel;

    private GgufWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates {@code file} and writes everything in front of the data. */
    static GgufWriter create(Path file, Map<String, Object> metadata, List<GgufTensor> tensors) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        GgufWriter writer = new GgufWriter(channel);
        Buffer head = new Buffer();
        head.u32(MAGIC).u32(VERSION).u64(tensors.size()).u64(metadata.size());
        metadata.forEach((key, value) -> head.string(key).typed(value));
        long offset = 0;
        for (GgufTensor tensor : tensors) {
            head.string(tensor.name()).u32(tensor.shape().size());
            for (int i = tensor.shape().size() - 1; i >= 0; i--) {
                head.u64(tensor.shape().get(i));
            }
            head.u32(tensor.type().id()).u64(offset);
            offset += aligned(tensor.bytes());
        }
        writer.write(ByteBuffer.wrap(head.bytes()));
        writer.pad();
        return writer;
    }

    /** Gives the values {@code [from, from + length)} of a tensor in row-major order. */
    interface Values {
        float[] read(long from, int length);
    }

    /** Writes the data of the next tensor of the table. */
    void data(GgufTensor tensor, Values values) throws IOException {
        GgufType type = tensor.type();
        ByteBuffer out = ByteBuffer.allocate((int) type.bytes(CHUNK_VALUES)).order(ByteOrder.LITTLE_ENDIAN);
        for (long from = 0; from < tensor.count(); from += CHUNK_VALUES) {
            int length = (int) Math.min(CHUNK_VALUES, tensor.count() - from);
            float[] chunk = values.read(from, length);
            for (int i = 0; i < length; i += type.blockSize()) {
                type.encode(chunk, i, out);
            }
            write(out.flip());
            out.clear();
        }
        pad();
    }

    private void pad() throws IOException {
        long position = channel.position();
        write(ByteBuffer.allocate((int) (aligned(position) - position)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static long aligned(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public void close() {
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Little-endian header fields. */
    private static final class Buffer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Buffer u32(int value) {
            out.writeBytes(little(4).putInt(value).array());
            return this;
        }

        Buffer u64(long value) {
            out.writeBytes(little(8).putLong(value).array());
            return this;
        }

        Buffer string(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u64(utf8.length);
            out.writeBytes(utf8);
            return this;
        }

        Buffer typed(Object value) {
            u32(GgufValue.typeOf(value));
            return value(value);
        }

        private Buffer value(Object value) {
            if (value instanceof String text) {
                return string(text);
            } else if (value instanceof Boolean flag) {
                out.write(flag ? 1 : 0);
            } else if (value instanceof Float number) {
                out.writeBytes(little(4).putFloat(number).array());
            } else if (value instanceof Integer number) {
                return u32(number);
            } else if (value instanceof Long number) {
                return u64(number);
            } else if (value instanceof List<?> list) {
                u32(GgufValue.elementTypeOf(list)).u64(list.size());
                list.forEach(this::value);
            }
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private static ByteBuffer little(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
