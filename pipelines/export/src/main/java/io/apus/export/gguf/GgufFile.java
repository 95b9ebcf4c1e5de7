package io.apus.export.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads back what {@link GgufWriter} wrote, so that an export can be checked against the trained model. */
final class GgufFile implements AutoCloseable {
    private static final int HEADER_BUFFER = 1 << 16;

    private final FileChannel channel;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final ByteBuffer head =
            ByteBuffer.allocate(HEADER_BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    private GgufFile(FileChannel channel) {
        this.channel = channel;
    }

    static GgufFile open(Path path) throws IOException {
        GgufFile file = new GgufFile(FileChannel.open(path, StandardOpenOption.READ));
        file.readHead(path);
        return file;
    }

    Map<String, Object> metadata() {
        return metadata;
    }

    Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /** All values of a tensor, decoded, in row-major order. */
    float[] values(String name) throws IOException {
        GgufTensor tensor = tensors.get(name);
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        long at = offsets.get(name);
        while (data.hasRemaining()) {
            int read = channel.read(data, at + data.position());
            if (read < 0) {
                throw new EOFException(name + " ends beyond the file");
            }
        }
        data.flip();
        float[] values = new float[Math.toIntExact(tensor.count())];
        for (int i = 0; i < values.length; i += tensor.type().blockSize()) {
            tensor.type().decode(data, values, i);
        }
        return values;
    }

    private void readHead(Path path) throws IOException {
        if (u32() != GgufWriter.MAGIC || u32() != GgufWriter.VERSION) {
            throw new IOException(path.getFileName() + " is not a GGUF file of version " + GgufWriter.VERSION);
        }
        long tensorCount = u64();
        long metadataCount = u64();
        for (long i = 0; i < metadataCount; i++) {
            String key = string();
            metadata.put(key, value(u32()));
        }
        List<Long> relative = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            String name = string();
            Long[] shape = new Long[u32()];
            for (int d = shape.length - 1; d >= 0; d--) {
                shape[d] = u64();
            }
            tensors.put(name, new GgufTensor(name, List.of(shape), GgufType.of(u32())));
            relative.add(u64());
        }
        long start = GgufWriter.aligned(channel.position() - head.remaining());
        int i = 0;
        for (String name : tensors.keySet()) {
            offsets.put(name, start + relative.get(i++));
        }
    }

    private Object value(int type) throws IOException {
        return switch (type) {
            case GgufValue.UINT32, GgufValue.INT32 -> u32();
            case GgufValue.FLOAT32 -> Float.intBitsToFloat(u32());
            case GgufValue.BOOL -> need(1).get() != 0;
            case GgufValue.STRING -> string();
            case GgufValue.UINT64 -> u64();
            case GgufValue.ARRAY -> {
                int elementType = u32();
                long length = u64();
                List<Object> elements = new ArrayList<>();
                for (long i = 0; i < length; i++) {
                    elements.add(value(elementType));
                }
                yield elements;
            }
            default -> throw new IOException("GGUF metadata type " + type + " is unknown");
        };
    }

    private int u32() throws IOException {
        return need(4).getInt();
    }

    private long u64() throws IOException {
        return need(8).getLong();
    }

    private String string() throws IOException {
        byte[] utf8 = new byte[Math.toIntExact(u64())];
        for (int at = 0; at < utf8.length; ) {
            int length = Math.min(utf8.length - at, HEADER_BUFFER);
            need(length).get(utf8, at, length);
            at += length;
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private ByteBuffer need(int bytes) throws IOException {
        while (head.remaining() < bytes) {
            head.compact();
            int read = channel.read(head);
            head.flip();
            if (read < 0) {
                throw new EOFException("the GGUF header ends beyond the file");
            }
        }
        return head;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
