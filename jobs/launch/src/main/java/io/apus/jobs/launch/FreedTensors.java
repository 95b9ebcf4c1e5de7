package io.apus.jobs.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What glibc does on executors with the memory of tensors that are gone. A float model's steps need the same again and again, so it is kept,
 * which makes a step up to a tenth faster. A quantised model's large tensors are its matrices in floats for as long as a product takes: kept,
 * they left holes between what stays that the next ones did not fit into, and a step took as much as all matrices in floats.
 */
final class FreedTensors {
    private static final String KEPT = "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296";
    private static final String GIVEN_BACK = "glibc.malloc.mmap_threshold=1048576";

    private FreedTensors() {}

    /** GLIBC_TUNABLES of a run's executors; {@link ModelSpec} decides, and the config.json of a folder that is there. */
    static String tunables(RunSpec spec) {
        ModelSpec model = spec.model();
        boolean quantised = model.quantise().quantMethod() != null
                || Stream.ofNullable(model.model()).anyMatch(FreedTensors::storesQuantised);
        return quantised ? GIVEN_BACK : KEPT;
    }

    private static boolean storesQuantised(String model) {
        Path config = Path.of(model, "config.json");
        if (!Files.isReadable(config)) {
            return false;
        }
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readString(config));
            return json.hasNonNull("quantization_config");
        } catch (IOException e) {
            // Whoever reads the model says what is wrong with it.
            return false;
        }
    }
}
