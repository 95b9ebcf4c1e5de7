package io.apus.tensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: eight bytes of length (little endian), then JSON. Read as hostile input: every offset is checked against
 * the file before anything is mapped (format: github.com/huggingface/safetensors, README).
 *
 * @param dataOffset bytes before the first tensor's first byte
 */
record SafeTensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata, long dataOffset) {
    /** The bound of the reference implementation; a larger header is an attack or a broken file. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static SafeTensorsHeader read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long fileBytes = channel.size();
            long headerBytes = headerLength(file, channel, fileBytes);
            byte[] text = readFully(channel, 8, (int) headerBytes);
            SafeTensorsHeader header = parse(file, text, 8 + headerBytes);
            header.check(file, fileBytes - header.dataOffset);
            return header;
        } catch (IOException e) {
            String cause = Files.exists(file) ? "it cannot be read (" + e.getMessage() + ")" : "there is no such file";
            throw new UserError("Cannot open " + file, cause, "", e);
        }
    }

    private static long headerLength(Path file, FileChannel channel, long fileBytes) throws IOException {
        if (fileBytes < 10) {
            throw refused(file, "it has " + fileBytes + " bytes, which is too few for a header");
        }
        long length = ByteBuffer.wrap(readFully(channel, 0, 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 2 || length > MAX_HEADER_BYTES || length > fileBytes - 8) {
            throw refused(
                    file,
                    "its header claims " + Long.toUnsignedString(length) + " bytes; the file has " + fileBytes
                            + " and the bound is " + MAX_HEADER_BYTES);
        }
        return length;
    }

    private static byte[] readFully(FileChannel channel, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("it ended early");
            }
        }
        return bytes;
    }

    private static SafeTensorsHeader parse(Path file, byte[] text, long dataOffset) {
        JsonNode root;
        try {
            root = JSON.readTree(new String(text, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw refused(file, "its header is not JSON with unique keys (" + e.getOriginalMessage() + ")");
        }
        if (root == null || !root.isObject()) {
            throw refused(file, "its header is not a JSON object");
        }
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        root.fields().forEachRemaining(field -> {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .fields()
                        .forEachRemaining(
                                e -> metadata.put(e.getKey(), e.getValue().asText()));
            } else {
                TensorEntry.parse(field.getKey(), field.getValue(), faults)
                        .ifPresent(info -> tensors.put(info.name(), info));
            }
        });
        if (!faults.isEmpty()) {
            throw refused(file, String.join("; ", faults));
        }
        return new SafeTensorsHeader(tensors, metadata, dataOffset);
    }

    /** Tensors must lie one after the other and fill the data exactly: an overlap, a hole or a tail is refused. */
    private void check(Path file, long dataBytes) {
        List<TensorInfo> ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        List<String> faults = new ArrayList<>();
        long expected = 0;
        String previous = "the header";
        for (TensorInfo info : ordered) {
            if (info.end() > dataBytes) {
                faults.add(info.name() + " ends at byte " + info.end() + " of " + dataBytes);
            } else if (info.begin() < expected) {
                faults.add(info.name() + " overlaps " + previous);
            } else if (info.begin() > expected) {
                faults.add("a hole of " + (info.begin() - expected) + " bytes lies between " + previous + " and "
                        + info.name());
            }
            expected = Math.max(expected, info.end());
            previous = info.name();
        }
        if (faults.isEmpty() && expected != dataBytes) {
            faults.add((dataBytes - expected) + " bytes follow the last tensor");
        }
        if (!faults.isEmpty()) {
            throw refused(file, String.join("; ", faults));
        }
    }

    private static UserError refused(Path file, String cause) {
        return new UserError(
                "Cannot read " + file, cause, "The file is damaged or not safetensors: fetch or write it again.");
    }
}
