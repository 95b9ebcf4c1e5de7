package io.apus.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes safetensors files whose bytes depend on the tensors and the metadata only: widest elements first, then by name, and the header is
 * padded so that every tensor starts aligned to its elements.
 */
public final class SafeTensorsWriter {
    static {
        NativeLibrary.load();
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;
    private static final long CHUNK = 1 << 30;

    private SafeTensorsWriter() {}

    /** Writes and forces {@code file} to disk, replacing what was there; returns its length in bytes. */
    public static long write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, tensors, metadata);
            channel.force(true);
            return channel.size();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Writes a file's bytes to {@code channel}; returns where in the file the first byte of each tensor lies. */
    public static Map<String, Long> write(
            WritableByteChannel channel, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Tensor> e) ->
                                -DType.of(e.getValue()).bytes())
                        .thenComparing(e -> DType.of(e.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .toList();
        ByteBuffer header = header(ordered, metadata);
        long at = header.remaining();
        writeFully(channel, header);
        Map<String, Long> begins = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : ordered) {
            begins.put(entry.getKey(), at);
            writeData(channel, entry.getValue());
            at += Torch.bytes(entry.getValue());
        }
        return begins;
    }

    private static ByteBuffer header(List<Map.Entry<String, Tensor>> ordered, Map<String, String> metadata)
            throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            root.set("__metadata__", JSON.valueToTree(new TreeMap<>(metadata)));
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : ordered) {
            Tensor tensor = entry.getValue();
            ObjectNode line = root.putObject(entry.getKey());
            line.put("dtype", DType.of(tensor).name());
            ArrayNode shape = line.putArray("shape");
            Arrays.stream(Torch.shape(tensor)).forEach(shape::add);
            long end = offset + Torch.bytes(tensor);
            line.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = JSON.writeValueAsBytes(root);
        byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        ByteBuffer buffer = ByteBuffer.allocate(8 + padded.length).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.putLong(padded.length).put(padded).flip();
    }

    private static void writeData(WritableByteChannel channel, Tensor tensor) throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().contiguous();
            long size = Torch.bytes(plain);
            BytePointer data = new BytePointer(plain.data_ptr());
            for (long at = 0; at < size; at += CHUNK) {
                long end = Math.min(size, at + CHUNK);
                writeFully(channel, data.position(at).limit(end).asByteBuffer());
            }
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
