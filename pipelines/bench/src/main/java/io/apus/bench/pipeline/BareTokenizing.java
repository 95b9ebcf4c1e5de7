package io.apus.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.bench.data.BareTokenizer;
import io.apus.bench.measure.Stopwatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The tokenizers library alone on the first rows of a made file: the text in memory, one tokenizer a thread, batches of 128. */
final class BareTokenizing {
    private static final int BATCH = 128;

    private final Path tokenizer;
    private final List<List<String>> batches = new ArrayList<>();
    private long bytes;

    /** Takes up at least {@code wantedBytes} of {@code file}, or all of it. */
    BareTokenizing(Path tokenizer, Path file, long wantedBytes) throws IOException {
        this.tokenizer = tokenizer;
        ObjectMapper json = new ObjectMapper();
        List<String> batch = new ArrayList<>();
        try (BufferedReader rows = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String row = rows.readLine(); row != null && bytes < wantedBytes; row = rows.readLine()) {
                bytes += row.getBytes(StandardCharsets.UTF_8).length + 1L;
                for (JsonNode message : json.readTree(row).get("messages")) {
                    batch.add(message.get("content").asText());
                }
                if (batch.size() >= BATCH) {
                    batches.add(batch);
                    batch = new ArrayList<>();
                }
            }
        }
        batches.add(batch);
    }

    /** Bytes of the file's rows, which is what the stages are measured by as well. */
    long bytes() {
        return bytes;
    }

    /** Seconds that {@code threads} threads take. */
    double seconds(int threads) {
        Stopwatch watch = new Stopwatch();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            try (BareTokenizer bare = new BareTokenizer(tokenizer)) {
                bare.batches(IntStream.range(0, batches.size())
                        .filter(i -> i % threads == thread)
                        .mapToObj(batches::get)
                        .toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return watch.seconds();
    }
}
