package io.apus.jobs.eval.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code generation_config.json} of a model says about sampling; absent values have transformers' defaults.
 *
 * @param temperature 0 where {@code do_sample} is not true
 * @param topK 0 switches it off
 * @param topP 1 switches it off
 * @param repetitionPenalty 1 switches it off
 */
public record GenerationDefaults(double temperature, int topK, double topP, double repetitionPenalty) {
    private static final String FILE = "generation_config.json";
    private static final int TRANSFORMERS_TOP_K = 50;

    /** Reads the file; a folder without one has greedy defaults. */
    public static GenerationDefaults read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            JsonNode root = Files.exists(file)
                    ? JsonMapper.builder().build().readTree(Files.readString(file))
                    : JsonMapper.builder().build().createObjectNode();
            boolean sample = root.path("do_sample").asBoolean(false);
            return new GenerationDefaults(
                    sample ? root.path("temperature").asDouble(1) : 0,
                    root.path("top_k").asInt(TRANSFORMERS_TOP_K),
                    root.path("top_p").asDouble(1),
                    root.path("repetition_penalty").asDouble(1));
        } catch (JsonProcessingException e) {
            throw new UserError("Cannot read " + file, "it is not JSON: " + e.getOriginalMessage(), "", e);
        } catch (IOException e) {
            throw new UserError("Cannot read " + file, String.valueOf(e.getMessage()), "", e);
        }
    }
}
