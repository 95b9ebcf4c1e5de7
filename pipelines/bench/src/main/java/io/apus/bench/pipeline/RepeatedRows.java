package io.apus.bench.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Real conversations, written again and again with a few words replaced by numbers, until a file is large enough. */
final class RepeatedRows {
    /** One word in this many is replaced. */
    private static final int KEPT_WORDS = 25;

    private final List<Sample> samples;
    private final ObjectMapper json = new ObjectMapper();
    private final SplittableRandom random = new SplittableRandom(7);

    RepeatedRows(List<Sample> samples) {
        this.samples = samples.stream()
                .filter(sample ->
                        sample.rejectedMessages() == null && sample.media().isEmpty())
                .toList();
    }

    /** Writes JSON Lines of at least {@code bytes} bytes; returns how many rows. */
    long write(Path file, long bytes) throws IOException {
        long written = 0;
        long rows = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            while (written < bytes) {
                String line = row(samples.get((int) (rows % samples.size())), rows);
                out.write(line);
                out.write('\n');
                written += line.getBytes(StandardCharsets.UTF_8).length + 1;
                rows++;
            }
        }
        return rows;
    }

    private String row(Sample sample, long number) {
        ObjectNode row = json.createObjectNode();
        ArrayNode messages = row.putArray("messages");
        for (Message message : sample.messages()) {
            messages.addObject().put("role", message.role()).put("content", changed(message.content(), number));
        }
        return row.toString();
    }

    private String changed(String text, long number) {
        StringBuilder changed = new StringBuilder();
        String[] words = text.split(" ", -1);
        int sure = random.nextInt(words.length);
        for (int i = 0; i < words.length; i++) {
            boolean replaced = i == sure || random.nextInt(KEPT_WORDS) == 0;
            changed.append(i == 0 ? "" : " ").append(replaced ? Long.toString(number) : words[i]);
        }
        return changed.toString();
    }
}
