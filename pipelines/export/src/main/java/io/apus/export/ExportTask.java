package io.apus.export;

import io.apus.schemas.spec.QuantiseSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * What to export and where.
 *
 * @param name name that formats with a name field carry
 * @param base folder of the model that was trained: the trained model itself, or the base of {@code adapter}
 * @param adapter PEFT adapter folder that is merged into the weights, or null
 * @param trainedOn how {@code base} was quantised while the adapter was trained; it is exported as it is stored all the same
 * @param tokenizer folder with the tokenizer's files
 * @param target folder that receives the exports
 * @param formats names of {@link ExportFormats}
 * @param maxShardBytes largest safetensors file
 * @param probes token ids of the texts on which exported and trained model are compared
 */
public record ExportTask(
        String name,
        Path base,
        Path adapter,
        QuantiseSpec trainedOn,
        Path tokenizer,
        Path target,
        List<String> formats,
        long maxShardBytes,
        List<long[]> probes) {}
