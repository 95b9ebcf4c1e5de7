package io.apus.corpus.filter.select;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.Origin;
import io.apus.corpus.ingest.RawRow;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;

/** Every text in the rows of an evaluation set, whatever its columns are called. */
final class EvaluationTexts {
    private static final JsonMapper JSON = new JsonMapper();

    private EvaluationTexts() {}

    /** Hands each row's name and texts to {@code sink}; a file that has no rows is a {@link UserError}. */
    static void read(String name, Path file, BiConsumer<String, List<String>> sink) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(
                    "Cannot look for contamination",
                    "there is no file " + file,
                    "Name a set of conf/evals or a file; paths start where the run is started.");
        }
        DataFormat format = DataFormat.of(file.getFileName().toString());
        if (format == DataFormat.PARQUET) {
            throw new UserError("Cannot look for contamination", file + " is Parquet", "Save it as JSON Lines.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            Iterator<RawRow> rows = format.read(new Origin(name, 0, name), in);
            while (rows.hasNext()) {
                RawRow row = rows.next();
                if (row.refusal() != null) {
                    throw new UserError("Cannot read " + row.source(), row.detail(), "Mend the evaluation set.");
                }
                List<String> texts = new ArrayList<>();
                collect(JSON.readTree(row.text()), texts);
                sink.accept(name + " row " + row.row(), texts);
            }
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot read " + file, e.getOriginalMessage(), "Mend the evaluation set.", e);
        } catch (IOException e) {
            throw new UserError("Cannot read " + file, String.valueOf(e.getMessage()), "", e);
        }
    }

    private static void collect(JsonNode node, List<String> texts) {
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
        node.forEach(child -> collect(child, texts));
    }
}
