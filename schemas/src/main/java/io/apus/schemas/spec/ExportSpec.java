package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;

/** In which formats the trained model is written. */
@Doc("in which formats the trained model is written")
public record ExportSpec(
        @Doc("hf (Hugging Face folder), gguf_f16, gguf_q8_0") List<String> formats,
        @Doc("fold adapters into the weights") Boolean mergeLora,
        @Doc("largest safetensors file, e.g. 5GB") String maxShardSize) {
    public ExportSpec {
        formats = formats == null ? List.of("hf") : List.copyOf(formats);
        mergeLora = orElse(mergeLora, true);
        maxShardSize = orElse(maxShardSize, "5GB");
        new Problems("export")
                .require(!formats.isEmpty(), "formats", "name at least one format")
                .require(
                        maxShardSize.matches("[0-9]+(KB|MB|GB)"),
                        "max_shard_size",
                        "\"" + maxShardSize + "\" is not a size like 5GB or 500MB")
                .throwIfAny();
    }

    /** {@link #maxShardSize} in bytes (decimal units, as transformers counts them). */
    public long maxShardBytes() {
        long number = Long.parseLong(maxShardSize.substring(0, maxShardSize.length() - 2));
        return switch (maxShardSize.charAt(maxShardSize.length() - 2)) {
            case 'K' -> number * 1_000;
            case 'M' -> number * 1_000_000;
            default -> number * 1_000_000_000;
        };
    }
}
